-- one row per unit of the list and responsibility system: its weight and the unit's score S in it (null without an
-- indicator)
with listed as (
    select unit
    from unit
    where cycle = $cycle and among(unit, $units)
),
final as (
    select
        listed.unit as code, cycle_system.position, cycle_system.system as id, cycle_system.name, cycle_system.weight,
        100 * unit_system.earned / nullif(unit_system.points, 0) as score
    from listed
    join cycle_system on cycle_system.cycle = $cycle
    left join result_unit_system as unit_system
        on unit_system.cycle = cycle_system.cycle
        and unit_system.system = cycle_system.system
        and unit_system.unit = listed.unit
)
select * exclude (position) from final
order by code, position;
