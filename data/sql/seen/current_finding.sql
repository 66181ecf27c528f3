-- the rows of current_finding whose unit the scope holds
create or replace view seen.current_finding as
with final as (
    select *
    from assessment.current_finding as kept
    where exists (select 1 from seen.unit where unit.cycle = kept.cycle and unit.unit = kept.unit)
)
select * from final;
