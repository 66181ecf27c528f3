-- whether a unit is of a list; its bounds follow from that, but the planner hands only them on to what is joined by the unit
create or replace macro among(unit, units) as (
    unit >= list_min(units) and unit <= list_max(units) and list_contains(units, unit)
);
