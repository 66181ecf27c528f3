-- one row per cycle, submitted unit, basis and indicator in its set: effective weight ω (Σ ω = 1 per unit and basis),
-- attainment x, and the points it costs the unit, 100 · ω · (1 − x)
create or replace view unit_term as
with final as (
    select
        counted_value.cycle, counted_value.unit, system_weight.basis, counted_value.indicator,
        any_value(counted_value.x) as x,
        sum(counted_value.points * cycle_share.share * weight_per_point) as omega,
        sum(100 * counted_value.points * cycle_share.share * weight_per_point * (1 - counted_value.x)) as gap
    from shown_counted_value as counted_value
    join cycle_share
        -- compared as one: else every unit meets every indicator of its systems first
        on (cycle_share.cycle, cycle_share.indicator) = (counted_value.cycle, counted_value.indicator)
    join unit_system_weight as system_weight
        on system_weight.cycle = counted_value.cycle
        and system_weight.unit = counted_value.unit
        and system_weight.system = cycle_share.system
    where counted_value.x is not null
    group by all
)
select * from final;
