-- one row per unit that counts in a score and indicator that it falls short in: their positions (units and indicators by code) and
-- the points that mending it adds to the unit's base, 100 · ω · (1 − x), as unit_term has it of all units; and x
with numbered as (
    select unit, row_number() over (order by unit) - 1 as unit_at
    from result_unit_score
    where cycle = $cycle and basis = $basis and score_exact is not null
),
system as (
    select system from cycle_system where cycle = $cycle
),
-- what a point weighs in each system, and what share each system has of an indicator, in lists beside each other: joined system by
-- system, every unit would meet every indicator of its systems first
weighing as (
    select numbered.unit, any_value(numbered.unit_at) as unit_at,
        list(coalesce(weight.weight_per_point, 0) order by system.system) as weights
    from numbered
    cross join system
    left join unit_system_weight as weight
        on weight.cycle = $cycle
        and weight.basis = $basis
        and weight.unit = numbered.unit
        and weight.system = system.system
    group by numbered.unit
),
listed as (
    select indicator, row_number() over (order by indicator) - 1 as indicator_at
    from cycle_indicator
    where cycle = $cycle
),
shared as (
    select listed.indicator, any_value(listed.indicator_at) as indicator_at,
        list(coalesce(share.share, 0) order by system.system) as shares
    from listed
    cross join system
    left join cycle_share as share
        on share.cycle = $cycle
        and share.indicator = listed.indicator
        and share.system = system.system
    group by listed.indicator
),
final as (
    select
        weighing.unit_at, shared.indicator_at,
        100 * value.points * list_dot_product(shared.shares, weighing.weights) * (1 - value.x) as points,
        value.x
    from result_counted_value as value
    join weighing on weighing.unit = value.unit
    join shared on shared.indicator = value.indicator
    where value.cycle = $cycle and value.x < 1
)
select * from final
where points > 0;
