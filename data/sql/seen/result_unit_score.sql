-- the rows of shown_unit_score whose unit the scope holds, by the region that it was scored in
create or replace view seen.result_unit_score as
with final as (
    select *
    from assessment.shown_unit_score
    where region in (select region from assessment.region_member where ancestor = getvariable('scope_region'))
        and (getvariable('scope_unit') is null or unit = getvariable('scope_unit'))
)
select * from final;
