-- the rows of answer_pattern whose unit the scope holds; counted over the province, where the category is large enough to hide
-- its units; never for a single unit, which is not told
create or replace macro seen.answer_pattern(of_cycle) as table
with final as (
    select kept.*
    from assessment.answer_pattern(of_cycle) as kept
    join seen.unit as unit
        on unit.cycle = kept.cycle
        and unit.unit = kept.unit
    join assessment.cycle_rule as rule on rule.cycle = kept.cycle
    where getvariable('scope_unit') is null
        and (seen.sees_all() or kept.peers >= rule.min_group)
)
select * from final;
