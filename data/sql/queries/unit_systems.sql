-- one row per responsibility system of the scheme: its weight and the unit's score S in it (null without an indicator)
select
    cycle_system.system as id, cycle_system.name, cycle_system.weight,
    100 * unit_system.earned / nullif(unit_system.points, 0) as score
from cycle_system
left join result_unit_system as unit_system
    on unit_system.cycle = cycle_system.cycle
    and unit_system.system = cycle_system.system
    and unit_system.unit = $unit
where cycle_system.cycle = $cycle
order by cycle_system.position;
