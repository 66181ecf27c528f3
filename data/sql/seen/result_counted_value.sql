-- the rows of shown_counted_value whose unit the scope holds
create or replace view seen.result_counted_value as
with final as (
    select *
    from assessment.shown_counted_value as kept
    where exists (select 1 from seen.unit where unit.cycle = kept.cycle and unit.unit = kept.unit)
)
select * from final;
