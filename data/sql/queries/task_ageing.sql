-- one row per region with open tasks and bucket of days: open tasks by days since they were given out, and overdue ones by days overdue
with buckets as (
    select *
    from (values (1, 0, 15), (2, 16, 30), (3, 31, 60), (4, 61, null)) as bucket (position, from_day, to_day)
),
tasks as (
    select
        region_member.ancestor as region, date_diff('day', cast(task.issued_at as date), $today) as age_days,
        case when task.state in ('issued', 'rejected') then date_diff('day', task.deadline, $today) end as days_overdue
    from current_task as task
    join unit using (cycle, unit)
    join region_member on region_member.region = unit.region
    where task.cycle = $cycle and task.state in ('issued', 'answered', 'rejected')
),
final as (
    select
        tasks.region, bucket.position,
        count(*) filter (tasks.age_days between bucket.from_day and coalesce(bucket.to_day, tasks.age_days)) as open_tasks,
        count(*) filter (
            tasks.days_overdue > 0
            and tasks.days_overdue between bucket.from_day and coalesce(bucket.to_day, tasks.days_overdue)
        ) as overdue
    from buckets as bucket
    cross join tasks
    group by tasks.region, bucket.position
)
select * from final
order by region, position;
