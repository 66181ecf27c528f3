-- one row per cycle, newest first: its rules, and what was handed in under them
with registered as (
    select cycle, count(*) as units from unit group by cycle
),
submitted as (
    select cycle, count(*) as units, count(*) filter (where is_late) as late
    from current_submission
    join unit using (cycle, unit)
    group by cycle
),
files as (
    select
        cycle, count(*) as files, count(submission) as submissions,
        count(*) filter (where status = 'refused') as refused
    from receipt
    group by cycle
),
turned_away as (
    select
        receipt.cycle,
        count(distinct receipt) filter (where problem.code = 'cycle-closed') as closed,
        count(distinct receipt) filter (where problem.code = 'late-refused') as late
    from receipt
    join problem using (receipt)
    where problem.code in ('cycle-closed', 'late-refused')
    group by receipt.cycle
),
changes as (
    select cycle.cycle, max(journal.seq) as data_version, max(journal.recorded_at) as changed_at
    from cycle
    join journal on journal.cycle = cycle.cycle or journal.cycle is null
    group by cycle.cycle
),
final as (
    select
        cycle.cycle, cycle.scheme_id, cycle.version, scheme.title, cycle.opens_on, cycle.deadline, cycle.status,
        cycle.late,
        case cycle.status when 'open' then '开放' else '已关闭' end as status_name,
        case cycle.late when 'mark' then '接收并标记' else '退回' end as late_name,
        coalesce(registered.units, 0) as registered, coalesce(submitted.units, 0) as submitted,
        coalesce(registered.units, 0) - coalesce(submitted.units, 0) as missing,
        coalesce(submitted.late, 0) as late_units,
        coalesce(files.files, 0) as files, coalesce(files.submissions, 0) as submissions,
        coalesce(files.refused, 0) as refused,
        coalesce(turned_away.closed, 0) as refused_closed, coalesce(turned_away.late, 0) as refused_late,
        changes.data_version, changes.changed_at
    from cycle
    join scheme using (scheme_id, version)
    join changes using (cycle)
    left join registered using (cycle)
    left join submitted using (cycle)
    left join files using (cycle)
    left join turned_away using (cycle)
)
select * from final
order by cycle desc;
