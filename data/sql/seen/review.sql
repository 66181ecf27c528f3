-- the rows of review whose unit the scope holds
create or replace view seen.review as
with final as (
    select *
    from assessment.review as kept
    where assessment.is_known(seq, cycle)
        and exists (select 1 from seen.unit where unit.cycle = kept.cycle and unit.unit = kept.unit)
)
select * from final;
