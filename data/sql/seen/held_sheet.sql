-- the rows of held_sheet whose unit the scope holds
create or replace view seen.held_sheet as
with final as (
    select *
    from assessment.held_sheet as kept
    where exists (select 1 from seen.unit where unit.cycle = kept.cycle and unit.unit = kept.unit)
)
select * from final;
