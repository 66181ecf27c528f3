-- the rows of unit_system_weight whose unit the scope holds
create or replace view seen.unit_system_weight as
with final as (
    select *
    from assessment.unit_system_weight as kept
    where exists (select 1 from seen.unit where unit.cycle = kept.cycle and unit.unit = kept.unit)
)
select * from final;
