-- one row per cycle, region that units are registered in, category, basis and indicator: Σ c·ω and Σ c·100·ω·(1 − x)
-- over its submitted units, and how many of them have the indicator and fall short of full marks
create or replace view leaf_gap as
with final as (
    select
        unit_term.cycle, unit.region, unit.category, unit_term.basis, unit_term.indicator,
        sum(category.weight * unit_term.omega) as weight,
        sum(category.weight * unit_term.gap) as lost,
        count(*) as units,
        count(*) filter (unit_term.x < 1) as units_short
    from unit_term
    join unit
        on unit.cycle = unit_term.cycle
        and unit.unit = unit_term.unit
    join cycle on cycle.cycle = unit_term.cycle
    join scheme_category as category
        on category.scheme_id = cycle.scheme_id
        and category.version = cycle.version
        and category.category = unit.category
    group by all
)
select * from final;
