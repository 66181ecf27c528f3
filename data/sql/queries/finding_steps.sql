-- one row per step of one finding, or of all of a unit's, in the order they were recorded
select
    event.key, event.seq, event.finding, event.move, event.state, event.is_confirmed, event.is_overdue,
    coalesce(event.step_on, event.on_date) as step_on,
    case when event.move is null then event.document else event.step_document end as step_document,
    event.deadline, event.reason, event.addressee, event.role, coalesce(event.recorded_at, said.recorded_at) as recorded_at
from finding_event as event
left join journal as said on said.seq = event.seq
where event.cycle = $cycle
    and ($key is null or event.key = $key)
    and ($unit is null or event.unit = $unit)
    and event.seq <= coalesce(getvariable('as_of'), 9223372036854775807)
order by event.key, event.seq;
