-- one row per cycle, region that units are registered in, category, basis and indicator: Σ c·ω and Σ c·100·ω·(1 − x)
-- over its submitted units, and how many of them have the indicator and fall short of full marks; the sums run over the
-- systems of ω directly, because one row per unit and indicator (unit_term) would be several times as many to group
create or replace view leaf_gap as
with weighed as (
    select
        unit_system_weight.*, unit.region, unit.category, category.weight as category_weight
    from unit_system_weight
    join unit
        on unit.cycle = unit_system_weight.cycle
        and unit.unit = unit_system_weight.unit
    join cycle_category as category
        on category.cycle = unit_system_weight.cycle
        and category.category = unit.category
),
summed as (
    select
        weighed.cycle, weighed.region, weighed.category, weighed.basis,
        weighed.system, counted_value.indicator,
        sum(counted_value.points * category_weight * weight_per_point) as weight,
        sum(counted_value.points * category_weight * weight_per_point * 100 * (1 - counted_value.x)) as lost,
        count(*) as units,
        count(*) filter (counted_value.x < 1) as units_short
    from shown_counted_value as counted_value
    join weighed
        on weighed.cycle = counted_value.cycle
        and weighed.unit = counted_value.unit
    where counted_value.x is not null
    group by all
),
final as (
    select
        summed.cycle, summed.region, summed.category, summed.basis, summed.indicator,
        sum(summed.weight * cycle_share.share) as weight,
        sum(summed.lost * cycle_share.share) as lost,
        max(summed.units) as units,
        max(summed.units_short) as units_short
    from summed
    join cycle_share
        on cycle_share.cycle = summed.cycle
        and cycle_share.indicator = summed.indicator
        and cycle_share.system = summed.system
    group by all
)
select * from final;
