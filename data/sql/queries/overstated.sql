-- one row per region, category and indicator that evaluators ruled on for units of $region and below: rulings with a value on both
-- sides, how many of them lowered or raised the unit's own value; over the lowered ones, the sums of what the attainment and the
-- unit's score in points were lowered by
with own as (
    select
        value.cycle, value.unit, unit.region, unit.category, value.indicator, value.points,
        value.self_x - value.x as lowering
    from result_counted_value as value
    join unit
        on unit.cycle = value.cycle
        and unit.unit = value.unit
    join region_member as inside on inside.region = unit.region and inside.ancestor = $region
    where value.cycle = $cycle and value.stage is not null and value.x is not null and value.self_x is not null
),
ruled as (
    -- the effective weight of the few that were ruled on, as unit_term has it of all
    select
        own.region, own.category, own.unit, own.indicator, any_value(own.lowering) as lowering,
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
    group by own.region, own.category, own.unit, own.indicator
),
final as (
    select
        region, category, indicator, count(*) as rulings, count(*) filter (lowering > 0) as lowered,
        count(*) filter (lowering < 0) as raised, coalesce(sum(lowering) filter (lowering > 0), 0) as lowering,
        coalesce(sum(points) filter (lowering > 0), 0) as points
    from ruled
    group by all
)
select * from final
order by all;
