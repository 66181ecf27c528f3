-- one row per cycle, newest first
with registered as (
    select cycle, count(*) as registered from unit group by cycle
),
submitted as (
    select cycle, count(*) as submitted from current_submission join unit using (cycle, unit) group by cycle
),
final as (
    select
        cycle.cycle, cycle.scheme_id, cycle.version, scheme.title, cycle.opens_on, cycle.deadline, cycle.status,
        coalesce(registered.registered, 0) as registered, coalesce(submitted.submitted, 0) as submitted
    from cycle
    join scheme using (scheme_id, version)
    left join registered using (cycle)
    left join submitted using (cycle)
)
select * from final
order by cycle desc;
