-- the rows of current_review whose unit the scope holds
create or replace view seen.current_review as
with final as (
    select *
    from assessment.current_review as kept
    where exists (select 1 from seen.unit where unit.cycle = kept.cycle and unit.unit = kept.unit)
)
select * from final;
