-- the rows of sheet_state whose unit the scope holds
create or replace view seen.sheet_state as
with final as (
    select *
    from assessment.sheet_state as kept
    where exists (select 1 from seen.unit where unit.cycle = kept.cycle and unit.unit = kept.unit)
)
select * from final;
