-- one row per basis, region and indicator, article or dimension, the costliest first; unit counts only per indicator; position:
-- their order in the scheme
with labelled as (
    select
        indicator.indicator, indicator.title, indicator.article, indicator.place, dimension.name as dimension_name,
        case $by when 'dimension' then dimension.position else indicator.article end as position,
        case $by
            when 'indicator' then indicator.indicator
            when 'article' then cast(indicator.article as varchar)
            else indicator.dimension
        end as key
    from cycle_indicator as indicator
    join cycle_dimension as dimension using (cycle, dimension)
    where indicator.cycle = $cycle
),
final as (
    select
        gap.basis, gap.region, labelled.key,
        case $by
            when 'indicator' then any_value(title)
            when 'article' then '第' || labelled.key || '条'
            else any_value(dimension_name)
        end as label,
        case when $by = 'dimension' then null else any_value(article) end as article,
        case when $by = 'indicator' then any_value(place) end as place,
        case when $by = 'indicator' then any_value(dimension_name) end as dimension_name,
        any_value(position) as position,
        sum(gap.gap) as gap,
        attainment_of(sum(gap.lost), sum(gap.weight)) as attainment,
        case when $by = 'indicator' then sum(gap.units_short) end as units_short,
        case when $by = 'indicator' then sum(gap.units) end as units
    from result_region_gap as gap
    join labelled on labelled.indicator = gap.indicator
    where gap.cycle = $cycle
    group by gap.basis, gap.region, labelled.key
)
select * from final
order by basis, region, gap desc, key;
