-- the rows of task_answer whose unit the scope holds
create or replace view seen.task_answer as
with final as (
    select *
    from assessment.task_answer as kept
    where exists (select 1 from seen.unit where unit.cycle = kept.cycle and unit.unit = kept.unit)
)
select * from final;
