-- one row per region and indicator of one basis: points of the region's score that it costs
select region as code, indicator, gap
from result_region_gap
where cycle = $cycle and basis = $basis
order by region, indicator;
