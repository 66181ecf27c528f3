-- one row per unit of the region and indicator that it falls short in by a ruling: its attainment, the points of the
-- region's score that this costs, and the newest task that it was given for it, if any (withdrawn ones left out)
with given as (
    select unit, indicator, max(task) as task
    from current_task
    where cycle = $cycle and finding_key is null and indicator is not null and state <> 'withdrawn'
    group by unit, indicator
),
final as (
    select
        unit.unit, unit.name, region.name as region_name, category.name as category_name,
        indicator.indicator, indicator.title, indicator.place, indicator.position, indicator.article, term.x as attainment,
        coalesce(category.weight * term.gap / region_score.total_weight, 0) as gap, given.task
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
    left join given on given.unit = value.unit and given.indicator = value.indicator
    where value.cycle = $cycle and value.stage is not null and value.x < 1
        and unit.region in (select region from region_member where ancestor = $region)
)
select * exclude (position) from final
order by gap desc, indicator, unit;
