-- one row per cycle, basis, level (zones count as counties) and indicator: the mean of what it costs the regions of the
-- level, 0 where it applies to none of a region's units
create or replace view level_gap_mean as
with levelled as (
    select gap.*, case region.level when 'zone' then 'county' else region.level end as level
    from shown_region_gap as gap
    join region on region.region = gap.region
),
size as (
    select cycle, basis, level, count(distinct region) as regions from levelled group by all
),
final as (
    select
        levelled.cycle, levelled.basis, levelled.level, levelled.indicator,
        sum(levelled.gap) / any_value(size.regions) as mean
    from levelled
    join size using (cycle, basis, level)
    group by all
)
select * from final;
