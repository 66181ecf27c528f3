-- one row per submitted unit of the region that falls short in the indicator: what it answered and the points of the
-- region's score that this costs, the costliest first
with final as (
    select
        unit.unit as code, unit.name, region.name as region_name, category.name as category_name,
        coalesce(answer.text, '未填') as answer, value.state, term.x as attainment,
        category.weight * term.gap / region_score.total_weight as gap
    from unit_term as term
    join unit on unit.cycle = term.cycle and unit.unit = term.unit
    join region_member on region_member.region = unit.region and region_member.ancestor = $region
    join region on region.region = unit.region
    join cycle_category as category
        on category.cycle = term.cycle
        and category.category = unit.category
    join result_region_score as region_score
        on region_score.cycle = term.cycle
        and region_score.region = $region
        and region_score.basis = term.basis
    join result_counted_value as value
        on value.cycle = term.cycle
        and value.unit = term.unit
        and value.indicator = term.indicator
    left join answer
        on answer.submission = value.submission
        and answer.indicator = value.indicator
    where term.cycle = $cycle and term.basis = $basis and term.indicator = $indicator and term.x < 1
        and value.cycle = $cycle and value.indicator = $indicator
)
select * from final
order by gap desc, code;
