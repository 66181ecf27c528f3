-- one row per unit of the list that has a score: what stands between its base and its score
select unit as code, deductions, veto, bonus, clipped
from result_unit_score
where cycle = $cycle and basis = $basis and score is not null and among(unit, $units)
order by code;
