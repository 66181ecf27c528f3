-- the rows of carried_ruling whose unit the scope holds
create or replace view seen.carried_ruling as
with final as (
    select *
    from assessment.carried_ruling as kept
    where exists (select 1 from seen.unit where unit.cycle = kept.cycle and unit.unit = kept.unit)
)
select * from final;
