-- one row per year of the two, unit of the list and indicator of its set: attainment x; both years in one question, since a year's
-- plan takes as long as the years'
select cycle, unit as code, indicator, x as attainment
from result_counted_value
where cycle in ($cycle, $before) and x is not null and among(unit, $units)
order by cycle, code, indicator;
