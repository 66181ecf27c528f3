-- the rows of objection_event whose unit the scope holds
create or replace view seen.objection_event as
with final as (
    select *
    from assessment.objection_event as kept
    where exists (select 1 from seen.unit where unit.cycle = kept.cycle and unit.unit = kept.unit)
)
select * from final;
