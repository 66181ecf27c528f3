-- the drawings for the scope's own region and those below it; none for a unit
create or replace view seen.sample_draw as
with final as (
    select *
    from assessment.sample_draw
    where getvariable('scope_unit') is null
        and region in (select region from assessment.region_member where ancestor = getvariable('scope_region'))
)
select * from final;
