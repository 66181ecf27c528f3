-- the rows of sample_pick whose unit the scope holds; none for a unit itself, which is not told that it will be checked
create or replace view seen.sample_pick as
with final as (
    select *
    from assessment.sample_pick as kept
    where getvariable('scope_unit') is null
        and exists (select 1 from seen.unit where unit.cycle = kept.cycle and unit.unit = kept.unit)
)
select * from final;
