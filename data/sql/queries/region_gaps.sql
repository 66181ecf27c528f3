-- one row per indicator, article or dimension of one region, the costliest first; unit counts only per indicator
with labelled as (
    select
        indicator.indicator, indicator.title, indicator.article, indicator.place, dimension.name as dimension_name,
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
        labelled.key,
        case $by
            when 'indicator' then any_value(title)
            when 'article' then '第' || labelled.key || '条'
            else any_value(dimension_name)
        end as label,
        case when $by = 'dimension' then null else any_value(article) end as article,
        case when $by = 'indicator' then any_value(place) end as place,
        case when $by = 'indicator' then any_value(dimension_name) end as dimension_name,
        sum(gap.gap) as gap,
        1 - sum(gap.lost) / nullif(100 * sum(gap.weight), 0) as attainment,
        case when $by = 'indicator' then sum(gap.units_short) end as units_short,
        case when $by = 'indicator' then sum(gap.units) end as units
    from result_region_gap as gap
    join labelled on labelled.indicator = gap.indicator
    where gap.cycle = $cycle and gap.basis = $basis and gap.region = $region
    group by labelled.key
)
select * from final
order by gap desc, key;
