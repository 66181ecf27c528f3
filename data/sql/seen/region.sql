-- one row per region that may be seen as a whole: the scope's own and those below it, those it belongs to, and the
-- siblings of each of these
create or replace view seen.region as
with above as (
    select ancestor from assessment.region_member where region = getvariable('scope_region')
),
below as (
    select region from assessment.region_member where ancestor = getvariable('scope_region')
),
final as (
    select *
    from assessment.region
    where region in (select region from below)
        or region in (select ancestor from above)
        or parent in (select ancestor from above)
)
select * from final;
