-- one row per unit of the list: its name on the year's register
select unit as code, name
from unit
where cycle = $cycle and among(unit, $units);
