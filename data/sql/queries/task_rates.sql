-- one row per region; row_level: counties include the management zones: how many tasks were given out, closed, closed in time, are overdue; the best closing rate first
with listed as (
    select
        region.region, region.name, case region.level when 'zone' then 'county' else region.level end as row_level,
        region.parent, up.name as parent_name
    from region
    left join region as up on up.region = region.parent
),
reported as (
    select task, max(recorded_at) as answered_at
    from task_event
    where cycle = $cycle and move = 'answer'
    group by task
),
tasks as (
    select
        region_member.ancestor as region, task.state,
        task.state in ('issued', 'rejected') and task.deadline < $today as is_overdue,
        task.state = 'done' and cast(reported.answered_at as date) <= task.deadline as is_in_time,
        case when task.state = 'done'
            then date_diff('day', cast(task.issued_at as date), cast(task.recorded_at as date)) end as days_to_close
    from current_task as task
    join unit using (cycle, unit)
    join region_member on region_member.region = unit.region
    left join reported on reported.task = task.task
    where task.cycle = $cycle and task.state <> 'withdrawn'
),
final as (
    select
        listed.row_level, listed.parent, listed.region as code, listed.name, listed.parent_name, count(tasks.state) as given_out,
        count(*) filter (tasks.state = 'done') as done,
        count(*) filter (tasks.state = 'answered') as answered,
        count(*) filter (tasks.state in ('issued', 'rejected')) as waiting,
        count(*) filter (tasks.is_overdue) as overdue,
        count(*) filter (tasks.is_in_time) as in_time,
        count(*) filter (tasks.state = 'done') / nullif(count(tasks.state), 0) as closing_rate,
        count(*) filter (tasks.is_in_time) / nullif(count(*) filter (tasks.state = 'done'), 0) as in_time_rate,
        median(tasks.days_to_close) as median_days
    from listed
    left join tasks on tasks.region = listed.region
    group by all
)
select * from final
order by closing_rate desc nulls last, given_out desc, code;
