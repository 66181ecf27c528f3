-- one row per unit of the list, basis (all of them, where none is named) and dimension: its attainment and that of its category over the province
with own as (
    select term.basis, term.unit, indicator.dimension, 1 - sum(term.gap) / nullif(100 * sum(term.omega), 0) as attainment
    from unit_term as term
    join cycle_indicator as indicator
        on indicator.cycle = term.cycle
        and indicator.indicator = term.indicator
    where term.cycle = $cycle and ($basis is null or term.basis = $basis) and among(term.unit, $units)
    group by all
),
peers as (
    select gap.basis, gap.category, indicator.dimension, 1 - sum(gap.lost) / nullif(100 * sum(gap.weight), 0) as category_mean
    from category_gap as gap
    join cycle_indicator as indicator
        on indicator.cycle = gap.cycle
        and indicator.indicator = gap.indicator
    where gap.cycle = $cycle and ($basis is null or gap.basis = $basis)
    group by all
),
final as (
    select
        own.basis, own.unit as code, dimension.position, dimension.dimension, dimension.name as dimension_name, own.attainment,
        peers.category_mean
    from own
    join unit
        on unit.cycle = $cycle
        and unit.unit = own.unit
    join cycle_dimension as dimension
        on dimension.cycle = $cycle
        and dimension.dimension = own.dimension
    left join peers
        on peers.basis = own.basis
        and peers.category = unit.category
        and peers.dimension = own.dimension
)
select * exclude (position) from final
order by code, position;
