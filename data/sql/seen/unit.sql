-- one row per cycle and unit of the register that the scope holds
create or replace view seen.unit as
with final as (
    select *
    from assessment.unit
    where region in (select region from assessment.region_member where ancestor = getvariable('scope_region'))
        and (getvariable('scope_unit') is null or unit = getvariable('scope_unit'))
)
select * from final;
