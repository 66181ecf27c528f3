-- the rows of copied_evidence whose unit the scope holds; counted over the province
create or replace view seen.copied_evidence as
with final as (
    select kept.*
    from assessment.copied_evidence as kept
    join seen.unit as unit
        on unit.cycle = kept.cycle
        and unit.unit = kept.unit
    where getvariable('scope_unit') is null
)
select * from final;
