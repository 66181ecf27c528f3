-- the rows of shown_region_gap of the regions that may be seen as a whole; none for a single unit
create or replace view seen.result_region_gap as
with final as (
    select *
    from assessment.shown_region_gap
    where getvariable('scope_unit') is null and region in (select region from seen.region)
)
select * from final;
