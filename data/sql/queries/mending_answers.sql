-- one row per unit of the list and indicator of the list that it answered, one without an indicator where it answered none of them:
-- its name, where it is, and the answer as typed
with final as (
    select
        unit.unit as code, unit.name, region.name as region_name, category.name as category_name,
        answer.indicator, answer.text as answer
    from unit
    join region on region.region = unit.region
    join cycle_category as category
        on category.cycle = unit.cycle
        and category.category = unit.category
    join current_submission as submission
        on submission.cycle = unit.cycle
        and submission.unit = unit.unit
    left join answer
        on answer.submission = submission.submission
        and list_contains($indicators, answer.indicator)
    where unit.cycle = $cycle and among(unit.unit, $units)
)
select * from final
order by code, indicator;
