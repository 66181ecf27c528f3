-- one row per year of the two, unit of the list and indicator of its set: effective weight ω, attainment x, points it costs;
-- both years in one question, since a year's plan takes as long as the years'
select cycle, unit as code, indicator, omega, x as attainment, gap
from unit_term
where cycle in ($cycle, $before) and basis = $basis and among(unit, $units)
order by cycle, code, indicator;
