-- the rows of shown_unit_score whose unit the scope holds
create or replace view seen.result_unit_score as
with final as (
    select *
    from assessment.shown_unit_score as kept
    where exists (select 1 from seen.unit where unit.cycle = kept.cycle and unit.unit = kept.unit)
)
select * from final;
