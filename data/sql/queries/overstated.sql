-- one row per indicator that evaluators ruled on for units of $region and below: rulings with a value on both sides, how many
-- of them lowered or raised the unit's own value; of the lowered ones, where there are as many rulings as the scheme's
-- min_group, the mean lowering of the attainment and of the unit's score in points
with own as (
    select value.cycle, value.unit, value.indicator, value.points, value.self_x - value.x as lowering
    from result_counted_value as value
    join unit
        on unit.cycle = value.cycle
        and unit.unit = value.unit
    join region_member as inside on inside.region = unit.region and inside.ancestor = $region
    where value.cycle = $cycle and value.stage is not null and value.x is not null and value.self_x is not null
        and ($category is null or unit.category = $category)
),
ruled as (
    -- the effective weight of the few that were ruled on, as unit_term has it of all
    select
        own.unit, own.indicator, any_value(own.lowering) as lowering,
        100 * sum(own.points * share.share * weight.weight_per_point) * any_value(own.lowering) as points
    from own
    join cycle_share as share
        -- compared as one: else every unit meets every indicator of its systems first
        on (share.cycle, share.indicator) = (own.cycle, own.indicator)
    join unit_system_weight as weight
        on weight.cycle = own.cycle
        and weight.unit = own.unit
        and weight.system = share.system
        and weight.basis = $basis
    group by own.unit, own.indicator
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
