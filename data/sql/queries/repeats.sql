-- one row per unit of $region and below (or the one $unit), indicator short again in $cycle (x < 1) and what it had in $previous,
--   the cycle before it: a finding, a rectification task, or a loss that a reviewer confirmed; is_closed: dealt with, is_late: not in time
with finding as (
    select
        finding.unit, finding.indicator, 'finding' as kind, finding.key, entry.name as what, finding.state, finding.deadline,
        coalesce(finding.state in ('corrected', 'corrected_late', 'concluded'), false) as is_closed,
        finding.is_overdue
            or coalesce(
                finding.state in ('overdue', 'interviewed', 'criticised', 'sanctioned', 'corrected_late')
                    or (
                        finding.state in ('ordered', 'confirmed', 'referred')
                        and coalesce(finding.deadline < $today, true)
                    ),
                false
            ) as is_late
    from current_finding as finding
    join cycle_finding as entry on entry.cycle = finding.cycle and entry.finding = finding.finding
    where finding.cycle = $previous and entry.kind <> 'bonus'
),
task as (
    select
        task.unit, task.indicator, 'task' as kind, task.task as key, task.title as what, task.state, task.deadline,
        task.state = 'done' as is_closed,
        case when task.state = 'done' then coalesce(task.on_date, task.recorded_at::date) else $today end
            > task.deadline as is_late
    from current_task as task
    where task.cycle = $previous and task.state <> 'withdrawn'
),
before as (
    select value.unit, value.indicator, value.x, value.stage
    from result_counted_value as value
    where value.cycle = $previous and ($unit is null or value.unit = $unit)
),
loss as (
    select
        unit, indicator, 'loss' as kind, '' as key, '' as what, null as state, null::date as deadline,
        false as is_closed, false as is_late
    from before
    where x < 1 and stage is not null
),
had as (
    select * from finding
    union all
    select * from task
    union all
    select * from loss
),
final as (
    select
        had.unit as code, unit.name, unit.region, $previous::integer as year, had.indicator, asked.title, asked.position, had.kind, had.key,
        had.what, had.state, had.deadline, had.is_closed, had.is_late,
        case when value.unit is not null then before.x end as x_before, value.x,
        coalesce(value.x < 1, false) as is_repeat
    from had
    join unit on unit.cycle = $cycle and unit.unit = had.unit
    join region_member as inside on inside.region = unit.region and inside.ancestor = $region
    left join result_counted_value as value
        on value.cycle = $cycle
        and value.unit = had.unit
        and value.indicator = had.indicator
    left join before
        on before.unit = had.unit
        and before.indicator = had.indicator
    left join cycle_indicator as asked on asked.cycle = $cycle and asked.indicator = had.indicator
    where ($unit is null or had.unit = $unit) and (value.x < 1 or ($with_late and had.is_late))
)
select * exclude (position) from final
order by code, position, case kind when 'finding' then 1 when 'task' then 2 else 3 end, key;
