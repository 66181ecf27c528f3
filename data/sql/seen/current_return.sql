-- the rows of current_return whose unit the scope holds
create or replace view seen.current_return as
with final as (
    select *
    from assessment.current_return as kept
    where exists (select 1 from seen.unit where unit.cycle = kept.cycle and unit.unit = kept.unit)
)
select * from final;
