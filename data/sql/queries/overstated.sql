-- one row per indicator that evaluators ruled on for units of $region and below: rulings with a value on both sides, how many
-- of them lowered or raised the unit's own value; of the lowered ones, where there are as many rulings as the scheme's
-- min_group, the mean lowering of the attainment and of the unit's score in points
with ruled as (
    select
        value.indicator, value.self_x - value.x as lowering,
        100 * term.omega * (value.self_x - value.x) as points
    from result_counted_value as value
    join unit
        on unit.cycle = value.cycle
        and unit.unit = value.unit
    join region_member as inside on inside.region = unit.region and inside.ancestor = $region
    join unit_term as term
        on term.cycle = value.cycle
        and term.unit = value.unit
        and term.indicator = value.indicator
        and term.basis = $basis
    where value.cycle = $cycle and term.cycle = $cycle and value.stage is not null
        and value.x is not null and value.self_x is not null
        and ($category is null or unit.category = $category)
),
summed as (
    select
        indicator, count(*) as rulings, count(*) filter (lowering > 0) as lowered,
        count(*) filter (lowering < 0) as raised, avg(lowering) filter (lowering > 0) as lowering,
        avg(points) filter (lowering > 0) as points
    from ruled
    group by indicator
),
final as (
    select
        summed.indicator, asked.title, asked.article, asked.place, dimension.name as dimension_name, asked.position,
        summed.rulings, summed.lowered, summed.raised,
        case when summed.rulings >= rule.min_group then summed.lowered / summed.rulings end as lowered_share,
        case when summed.rulings >= rule.min_group then summed.lowering end as lowering,
        case when summed.rulings >= rule.min_group then summed.points end as points
    from summed
    join cycle_indicator as asked
        on asked.cycle = $cycle
        and asked.indicator = summed.indicator
    join cycle_dimension as dimension
        on dimension.cycle = $cycle
        and dimension.dimension = asked.dimension
    join cycle_rule as rule on rule.cycle = $cycle
)
select * from final
order by lowered desc, lowered_share desc nulls last, position;
