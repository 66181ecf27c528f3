-- one row per unit that counts in a score and indicator that it falls short in: their positions (units and indicators by code) and
-- the points that mending it adds to the unit's base, 100 · ω · (1 − x), as unit_term has it of all units; and x
with numbered as (
    select unit, row_number() over (order by unit) - 1 as unit_at
    from result_unit_score
    where cycle = $cycle and basis = $basis and score_exact is not null
),
listed as (
    select indicator, row_number() over (order by indicator) - 1 as indicator_at
    from cycle_indicator
    where cycle = $cycle
),
short as (
    select value.cycle, value.unit, value.indicator, value.points, value.x, numbered.unit_at
    from result_counted_value as value
    join numbered on numbered.unit = value.unit
    where value.cycle = $cycle and value.x < 1
),
pointed as (
    select
        short.unit_at, short.indicator,
        sum(100 * short.points * share.share * weight.weight_per_point * (1 - short.x)) as points,
        any_value(short.x) as x
    from short
    join cycle_share as share
        on (share.cycle, share.indicator) = (short.cycle, short.indicator)
    join unit_system_weight as weight
        on weight.cycle = short.cycle
        and weight.unit = short.unit
        and weight.system = share.system
        and weight.basis = $basis
    where share.cycle = $cycle and weight.cycle = $cycle
    group by short.unit_at, short.indicator
    having points > 0
),
final as (
    select pointed.unit_at, listed.indicator_at, pointed.points, pointed.x
    from pointed
    join listed on listed.indicator = pointed.indicator
)
select * from final;
