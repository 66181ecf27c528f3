-- one row per region of the level and dimension or article: points of the region's score lost there, and attainment
with listed as (
    select region.region, region.name
    from region
    where case region.level when 'zone' then 'county' else region.level end = $level
        and ($parent is null or region.parent = $parent)
),
labelled as (
    select
        indicator.indicator,
        case $by when 'dimension' then indicator.dimension else cast(indicator.article as varchar) end as key,
        case $by
            when 'dimension' then dimension.name
            else '第' || cast(indicator.article as varchar) || '条'
        end as label,
        case $by when 'dimension' then dimension.position else indicator.article end as position
    from cycle_indicator as indicator
    join cycle_dimension as dimension using (cycle, dimension)
    where indicator.cycle = $cycle
),
final as (
    select
        listed.region as code, listed.name, labelled.key, labelled.label, labelled.position,
        1 - sum(gap.lost) / nullif(100 * sum(gap.weight), 0) as attainment, sum(gap.gap) as gap
    from listed
    join result_region_gap as gap
        on gap.region = listed.region
        and gap.cycle = $cycle
        and gap.basis = $basis
    join labelled on labelled.indicator = gap.indicator
    group by all
)
select code, name, key, label, attainment, gap
from final
order by code, position;
