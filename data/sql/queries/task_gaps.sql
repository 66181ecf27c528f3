-- one row per unit of the region and indicator that it falls short in by a ruling: its attainment, the points of the
-- region's score that this costs, and the open task that it has for it, if any
with final as (
    select
        unit.unit, unit.name, region.name as region_name, category.name as category_name,
        indicator.indicator, indicator.title, indicator.place, indicator.position, indicator.article, term.x as attainment,
        coalesce(category.weight * term.gap / region_score.total_weight, 0) as gap, task.task as open_task
    from result_counted_value as value
    join unit_term as term
        on term.cycle = value.cycle
        and term.unit = value.unit
        and term.indicator = value.indicator
        and term.basis = 'composite'
    join unit on unit.cycle = value.cycle and unit.unit = value.unit
    join region on region.region = unit.region
    join cycle_category as category
        on category.cycle = value.cycle
        and category.category = unit.category
    join cycle_indicator as indicator
        on indicator.cycle = value.cycle
        and indicator.indicator = value.indicator
    left join result_region_score as region_score
        on region_score.cycle = value.cycle
        and region_score.region = $region
        and region_score.basis = 'composite'
    left join current_task as task
        on task.cycle = value.cycle
        and task.unit = value.unit
        and task.indicator = value.indicator
        and task.finding_key is null
        and task.state in ('issued', 'answered', 'rejected')
    where value.cycle = $cycle and value.stage is not null and value.x < 1
        and unit.region in (select region from region_member where ancestor = $region)
)
select * exclude (position) from final
order by gap desc, indicator, unit;
