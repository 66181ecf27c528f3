-- one row per region that units are registered in, category, basis and indicator (leaf_sum)
select $cycle as cycle, region, category, basis, asked.indicator, weight, lost, units, units_short
from leaf_sum
join asked using (position);
