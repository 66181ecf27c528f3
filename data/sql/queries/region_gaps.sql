-- one row per region and indicator, article or dimension, of one basis, the costliest first; unit counts only per indicator; position:
-- their order in the scheme
with keyed as (
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
labelled as (
    select
        key,
        case $by
            when 'indicator' then any_value(title)
            when 'article' then '第' || key || '条'
            else any_value(dimension_name)
        end as label,
        case when $by = 'dimension' then null else any_value(article) end as article,
        case when $by = 'indicator' then any_value(place) end as place,
        case when $by = 'indicator' then any_value(dimension_name) end as dimension_name,
        any_value(position) as position
    from keyed
    group by key
),
added_up as (
    select
        gap.region, keyed.key, sum(gap.gap) as gap, sum(gap.lost) as lost, sum(gap.weight) as weight,
        sum(gap.units_short) as units_short, sum(gap.units) as units
    from result_region_gap as gap
    join keyed on keyed.indicator = gap.indicator
    where gap.cycle = $cycle and gap.basis = $basis
    group by gap.region, keyed.key
),
final as (
    select
        added_up.region, labelled.key, labelled.label, labelled.article, labelled.place,
        labelled.dimension_name, labelled.position, added_up.gap,
        attainment_of(added_up.lost, added_up.weight) as attainment,
        case when $by = 'indicator' then added_up.units_short end as units_short,
        case when $by = 'indicator' then added_up.units end as units
    from added_up
    join labelled using (key)
)
select * from final
order by region, gap desc, key;
