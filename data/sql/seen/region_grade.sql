-- the rows of region_grade of the regions that may be seen as a whole; none for a single unit
create or replace view seen.region_grade as
with final as (
    select *
    from assessment.region_grade
    where getvariable('scope_unit') is null and region in (select region from seen.region)
)
select * from final;
