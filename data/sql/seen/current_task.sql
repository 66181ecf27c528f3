-- the rows of current_task whose unit the scope holds
create or replace view seen.current_task as
with final as (
    select *
    from assessment.current_task as kept
    where exists (select 1 from seen.unit where unit.cycle = kept.cycle and unit.unit = kept.unit)
)
select * from final;
