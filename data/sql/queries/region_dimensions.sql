-- one row per dimension: attainment of one region and of the province
with summed as (
    select
        dimension.position, dimension.dimension, dimension.name as dimension_name, gap.region,
        1 - sum(gap.lost) / nullif(100 * sum(gap.weight), 0) as attainment
    from result_region_gap as gap
    join cycle_indicator as indicator
        on indicator.cycle = gap.cycle
        and indicator.indicator = gap.indicator
    join cycle_dimension as dimension
        on dimension.cycle = gap.cycle
        and dimension.dimension = indicator.dimension
    where gap.cycle = $cycle and gap.basis = $basis and gap.region in ($region, $province)
    group by all
),
final as (
    select
        position, dimension, dimension_name,
        max(attainment) filter (region = $region) as attainment,
        max(attainment) filter (region = $province) as province_mean
    from summed
    group by all
)
select dimension, dimension_name, attainment, province_mean
from final
order by position;
