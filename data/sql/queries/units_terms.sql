-- one row per unit of the list, basis (all of them, where none is named) and indicator of its set: effective weight ω, attainment x, points it costs
select basis, unit as code, indicator, omega, x as attainment, gap
from unit_term
where cycle = $cycle and ($basis is null or basis = $basis) and among(unit, $units)
order by code, indicator;
