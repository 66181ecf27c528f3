-- one row per region of the level and indicator: points of the region's score that it costs
select gap.region as code, indicator.title as label, gap.gap
from result_region_gap as gap
join region on region.region = gap.region
join cycle_indicator as indicator
    on indicator.cycle = gap.cycle
    and indicator.indicator = gap.indicator
where gap.cycle = $cycle and gap.basis = $basis
    and case region.level when 'zone' then 'county' else region.level end = $level;
