-- one row per region and region below it, itself included
create or replace view region_member as
with final as (
    select region as ancestor, region from region
    union all
    select parent as ancestor, region from region where parent is not null
    union all
    select up.parent as ancestor, region.region
    from region
    join region as up on up.region = region.parent
    where up.parent is not null
)
select * from final;
