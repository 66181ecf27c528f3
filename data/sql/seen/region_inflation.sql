-- the rows of region_inflation of the regions that may be seen as a whole; by category only those within the scope, because
-- from the categories of a sibling one could work out those of few units; none for a single unit
create or replace view seen.region_inflation as
with final as (
    select *
    from assessment.region_inflation
    where getvariable('scope_unit') is null
        and region in (select region from seen.region)
        and (
            category is null
            or region in (
                select region from assessment.region_member where ancestor = getvariable('scope_region')
            )
        )
)
select * from final;
