-- one row per move of a task, the newest first, with the answer that it brought
with final as (
    select
        event.seq, event.recorded_at, event.move, event.state, event.on_date, event.deadline, event.note, event.role,
        coalesce(answer.measures, '') as measures, coalesce(answer.proof, '') as answered_proof, answer.done_on,
        coalesce(answer.filename, '') as filename, coalesce(answer.sha256, '') as sha256
    from task_event as event
    left join task_answer as answer
        on answer.cycle = event.cycle
        and answer.task = event.task
        and answer.seq = event.seq
    where event.cycle = $cycle and event.task = $task
)
select * exclude (seq) from final
order by recorded_at desc, seq desc;
