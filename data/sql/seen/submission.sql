-- the rows of submission whose unit the scope holds
create or replace view seen.submission as
with final as (
    select *
    from assessment.submission as kept
    where assessment.is_known(submission, cycle)
        and exists (select 1 from seen.unit where unit.cycle = kept.cycle and unit.unit = kept.unit)
)
select * from final;
