-- one row per unit of the list and indicator of its set: effective weight ω, attainment x, points it costs
select unit as code, indicator, omega, x as attainment, gap
from unit_term
where cycle = $cycle and basis = $basis and among(unit, $units)
order by code, indicator;
