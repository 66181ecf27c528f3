-- one row per cycle, submitted unit and system with an indicator in its set: points Σ p·λ and what was earned of them,
-- Σ p·λ·x; the same for the unit's own values, and for the part an evaluator has verified. S = 100 · earned / points
create or replace view unit_system as
with final as (
    select
        counted_value.cycle, counted_value.unit, cycle_share.system,
        coalesce(sum(counted_value.points * share) filter (counted_value.x is not null), 0) as points,
        coalesce(sum(counted_value.points * share * counted_value.x), 0) as earned,
        coalesce(sum(counted_value.points * share) filter (counted_value.self_x is not null), 0) as self_points,
        coalesce(sum(counted_value.points * share * counted_value.self_x), 0) as self_earned,
        coalesce(
            sum(counted_value.points * share) filter (counted_value.x is not null and stage is not null), 0
        ) as verified_points,
        coalesce(sum(counted_value.points * share * counted_value.x) filter (stage is not null), 0) as verified_earned
    from shown_counted_value as counted_value
    join cycle_share
        on cycle_share.cycle = counted_value.cycle
        and cycle_share.indicator = counted_value.indicator
    group by all
)
select * from final;
