-- one row per region and region below it, itself included; kept, for every question about a region reads it
create or replace view region_member as
with final as (
    select ancestor, region from region_within
)
select * from final;
