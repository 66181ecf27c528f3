-- one row per article that has indicators: how many, and how the region does on them
select
    indicator.article, count(distinct indicator.indicator) as indicators,
    attainment_of(sum(gap.lost), sum(gap.weight)) as attainment, coalesce(sum(gap.gap), 0) as gap,
    max(gap.units) as units
from cycle_indicator as indicator
left join result_region_gap as gap
    on gap.indicator = indicator.indicator
    and gap.cycle = indicator.cycle
    and gap.basis = $basis
    and gap.region = $region
where indicator.cycle = $cycle
group by indicator.article
order by indicator.article;
