-- one row per unit of the region and indicator that it falls short in: the points that mending it adds to the unit's base,
-- 100 · ω · (1 − x), as unit_term has it of all units
with short as (
    select value.cycle, value.unit, value.indicator, value.points, value.x
    from result_counted_value as value
    join result_unit_score as score
        on score.cycle = value.cycle
        and score.unit = value.unit
        and score.basis = $basis
    join region_member as inside on inside.region = score.region and inside.ancestor = $region
    where value.cycle = $cycle and value.x < 1
),
final as (
    select
        short.unit as code, short.indicator,
        sum(100 * short.points * share.share * weight.weight_per_point * (1 - short.x)) as points
    from short
    join cycle_share as share
        on (share.cycle, share.indicator) = (short.cycle, short.indicator)
    join unit_system_weight as weight
        on weight.cycle = short.cycle
        and weight.unit = short.unit
        and weight.system = share.system
        and weight.basis = $basis
    where share.cycle = $cycle and weight.cycle = $cycle
    group by short.unit, short.indicator
    having points > 0
)
select * from final;
