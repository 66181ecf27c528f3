-- one row per cycle, region that units are registered in, category, basis and indicator: Σ c·ω and Σ c·100·ω·(1 − x)
-- over its submitted units, and how many of them have the indicator and fall short of full marks; the sums run over the
-- systems of ω directly, because one row per unit and indicator (unit_term) would be several times as many to group
create or replace view leaf_gap as
with weighed as (
    select
        unit_system_weight.*, unit.region, unit.category, category.weight as category_weight,
        cycle.scheme_id, cycle.version
    from unit_system_weight
    join unit
        on unit.cycle = unit_system_weight.cycle
        and unit.unit = unit_system_weight.unit
    join cycle on cycle.cycle = unit_system_weight.cycle
    join scheme_category as category
        on category.scheme_id = cycle.scheme_id
        and category.version = cycle.version
        and category.category = unit.category
),
summed as (
    select
        weighed.cycle, weighed.scheme_id, weighed.version, weighed.region, weighed.category, weighed.basis,
        weighed.system, counted_value.indicator,
        sum(counted_value.points * category_weight * weight_per_point) as weight,
        sum(counted_value.points * category_weight * weight_per_point * 100 * (1 - counted_value.x)) as lost,
        count(*) as units,
        count(*) filter (counted_value.x < 1) as units_short
    from result_counted_value as counted_value
    join weighed
        on weighed.cycle = counted_value.cycle
        and weighed.unit = counted_value.unit
    where counted_value.x is not null
    group by all
),
final as (
    select
        summed.cycle, summed.region, summed.category, summed.basis, summed.indicator,
        sum(summed.weight * scheme_share.share) as weight,
        sum(summed.lost * scheme_share.share) as lost,
        max(summed.units) as units,
        max(summed.units_short) as units_short
    from summed
    join scheme_share
        on scheme_share.scheme_id = summed.scheme_id
        and scheme_share.version = summed.version
        and scheme_share.indicator = summed.indicator
        and scheme_share.system = summed.system
    group by all
)
select * from final;
