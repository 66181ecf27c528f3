-- the rows of finding_event whose unit the scope holds
create or replace view seen.finding_event as
with final as (
    select *
    from assessment.finding_event as kept
    where exists (select 1 from seen.unit where unit.cycle = kept.cycle and unit.unit = kept.unit)
)
select * from final;
