-- one row per region of the level and each of its $most costliest indicators, the costliest first
with listed as (
    select region.region, region.name
    from region
    where case region.level when 'zone' then 'county' else region.level end = $level
        and ($parent is null or region.parent = $parent)
),
placed as (
    select
        gap.region as code, listed.name, gap.indicator as key, indicator.title as label, indicator.article,
        indicator.place, gap.gap,
        attainment_of(gap.lost, gap.weight) as attainment,
        row_number() over (partition by gap.region order by gap.gap desc, gap.indicator) as position
    from result_region_gap as gap
    join listed using (region)
    join cycle_indicator as indicator
        on indicator.cycle = gap.cycle
        and indicator.indicator = gap.indicator
    where gap.cycle = $cycle and gap.basis = $basis and gap.gap > 0
),
final as (
    select code, name, key, label, article, place, gap, attainment, position
    from placed
    where position <= $most
)
select * from final
order by code, position;
