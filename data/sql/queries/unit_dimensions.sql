-- one row per dimension of the unit: its attainment and that of its category over the province
with own as (
    select indicator.dimension, 1 - sum(term.gap) / nullif(100 * sum(term.omega), 0) as attainment
    from unit_term as term
    join cycle_indicator as indicator
        on indicator.cycle = term.cycle
        and indicator.indicator = term.indicator
    where term.cycle = $cycle and term.unit = $unit and term.basis = $basis
    group by all
),
peers as (
    select indicator.dimension, 1 - sum(gap.lost) / nullif(100 * sum(gap.weight), 0) as category_mean
    from category_gap as gap
    join cycle_indicator as indicator
        on indicator.cycle = gap.cycle
        and indicator.indicator = gap.indicator
    where gap.cycle = $cycle and gap.basis = $basis
        and gap.category = (select category from unit where cycle = $cycle and unit = $unit)
    group by all
),
final as (
    select
        dimension.position, dimension.dimension, dimension.name as dimension_name,
        own.attainment, peers.category_mean
    from own
    join cycle_dimension as dimension
        on dimension.cycle = $cycle
        and dimension.dimension = own.dimension
    left join peers on peers.dimension = own.dimension
)
select * exclude (position) from final
order by position;
