-- one row per unit of the list and indicator of the list that counts for it: what it answered, what counts, and by name
with final as (
    select
        unit.unit as code, unit.name, region.name as region_name, category.name as category_name,
        value.indicator, coalesce(answer.text, '未填') as answer, value.x as attainment
    from result_counted_value as value
    join unit on unit.cycle = value.cycle and unit.unit = value.unit
    join region on region.region = unit.region
    join cycle_category as category
        on category.cycle = unit.cycle
        and category.category = unit.category
    left join answer
        on answer.submission = value.submission
        and answer.indicator = value.indicator
    where value.cycle = $cycle
        and among(value.unit, $units)
        and value.indicator in (select unnest($indicators))
)
select * from final
order by code, indicator;
