-- one row per region of the level and indicator: points of the region's score that it costs, and those above the mean
-- of the whole level (the same for whoever asks)
select gap.region as code, indicator.title as label, gap.gap - level_gap_mean.mean as above_mean
from result_region_gap as gap
join region on region.region = gap.region
join cycle_indicator as indicator
    on indicator.cycle = gap.cycle
    and indicator.indicator = gap.indicator
join level_gap_mean
    on level_gap_mean.cycle = gap.cycle
    and level_gap_mean.basis = gap.basis
    and level_gap_mean.indicator = gap.indicator
    and level_gap_mean.level = $level
where gap.cycle = $cycle and gap.basis = $basis
    and case region.level when 'zone' then 'county' else region.level end = $level;
