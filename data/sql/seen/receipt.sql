-- one row per file of a unit that the scope holds, and per file that the account sent itself
create or replace view seen.receipt as
with final as (
    select *
    from assessment.receipt as kept
    where seen.sees_all()
        or account = getvariable('scope_account')
        or exists (select 1 from seen.unit where unit.cycle = kept.cycle and unit.unit = kept.unit)
)
select * from final;
