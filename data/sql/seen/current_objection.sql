-- the rows of current_objection whose unit the scope holds
create or replace view seen.current_objection as
with final as (
    select *
    from assessment.current_objection as kept
    where exists (select 1 from seen.unit where unit.cycle = kept.cycle and unit.unit = kept.unit)
)
select * from final;
