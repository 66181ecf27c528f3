-- one row per responsibility system of the scheme: its weight and the unit's score S in it (null without an indicator)
select
    scheme_system.system as id, scheme_system.name, scheme_system.weight,
    100 * unit_system.earned / nullif(unit_system.points, 0) as score
from scheme_system
join cycle using (scheme_id, version)
left join result_unit_system as unit_system
    on unit_system.cycle = cycle.cycle
    and unit_system.system = scheme_system.system
    and unit_system.unit = $unit
where cycle.cycle = $cycle
order by scheme_system.position;
