-- one row per region with units that had a finding or a rectification task in the cycle before and fall short in its indicator
--   again: how many indicators (again), and of how many units (repeating); a mere loss that a reviewer confirmed is not counted here: most units have some
with had as (
    select finding.unit, finding.indicator
    from current_finding as finding
    join cycle_finding as entry on entry.cycle = finding.cycle and entry.finding = finding.finding
    where finding.cycle = $previous and entry.kind <> 'bonus'
    union
    select task.unit, task.indicator
    from current_task as task
    where task.cycle = $previous and task.state <> 'withdrawn'
)
select inside.ancestor as region, count(*) as again, count(distinct had.unit) as repeating
from had
join unit on unit.cycle = $cycle and unit.unit = had.unit
join region_member as inside on inside.region = unit.region
join result_counted_value as value
    on value.cycle = $cycle
    and value.unit = had.unit
    and value.indicator = had.indicator
where value.x < 1
group by inside.ancestor;
