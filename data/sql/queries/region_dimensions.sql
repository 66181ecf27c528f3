-- one row per basis, region and dimension that it has indicators of: its attainment
with final as (
    select
        gap.basis, gap.region, dimension.position, dimension.dimension, dimension.name as dimension_name,
        attainment_of(sum(gap.lost), sum(gap.weight)) as attainment
    from result_region_gap as gap
    join cycle_indicator as indicator
        on indicator.cycle = gap.cycle
        and indicator.indicator = gap.indicator
    join cycle_dimension as dimension
        on dimension.cycle = gap.cycle
        and dimension.dimension = indicator.dimension
    where gap.cycle = $cycle
    group by all
)
select * exclude (position) from final
order by basis, region, position;
