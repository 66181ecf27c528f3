-- the rows of changed_ruling whose unit the scope holds
create or replace view seen.changed_ruling as
with final as (
    select *
    from assessment.changed_ruling as kept
    where exists (select 1 from seen.unit where unit.cycle = kept.cycle and unit.unit = kept.unit)
)
select * from final;
