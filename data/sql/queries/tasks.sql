-- one row per rectification task (or of one unit, or the one task), overdue ones first (the longest overdue first), then by
-- deadline
with moves as (
    select
        task, max(recorded_at) filter (move = 'answer') as answered_at,
        any_value(role) filter (move = 'issue') as issued_role
    from task_event
    where cycle = $cycle
    group by task
),
final as (
    select
        task.task, task.unit, unit.name, unit.region, region.name as region_name, region.path as region_path,
        task.source, task.indicator, coalesce(indicator.title, '') as indicator_title,
        coalesce(indicator.place, finding_entry.place, '') as place,
        indicator.article,
        task.finding_key, task.title, coalesce(task.found, '') as found, task.required, task.proof, task.deadline,
        coalesce(task.document, '') as document, task.state, task.note, task.rounds,
        cast(task.issued_at as date) as issued_on, moves.issued_role, moves.answered_at,
        case when task.state = 'done' then cast(task.recorded_at as date) end as closed_on,
        case when task.state in ('issued', 'answered', 'rejected') then date_diff('day', cast(task.issued_at as date), $today) end
            as age_days,
        task.state in ('issued', 'rejected') and task.deadline < $today as is_overdue,
        case when task.state in ('issued', 'rejected') and task.deadline < $today
            then date_diff('day', task.deadline, $today) end as days_overdue
    from current_task as task
    join unit using (cycle, unit)
    join region on region.region = unit.region
    left join cycle_indicator as indicator
        on indicator.cycle = task.cycle
        and indicator.indicator = task.indicator
    left join current_finding as finding
        on finding.cycle = task.cycle
        and finding.key = task.finding_key
    left join cycle_finding as finding_entry
        on finding_entry.cycle = finding.cycle
        and finding_entry.finding = finding.finding
    join moves on moves.task = task.task
    where task.cycle = $cycle
        and ($unit is null or task.unit = $unit)
        and ($task is null or task.task = $task)
)
select * from final
order by is_overdue desc, case when is_overdue then deadline end, state in ('done', 'withdrawn'), deadline, task;
