-- one row per cycle and rectification task, as it stands now; issued_at and rounds: when it was given out, and how often answered
create or replace view current_task as
with final as (
    select
        *,
        min(recorded_at) over (partition by cycle, task) as issued_at,
        count(*) filter (move = 'answer') over (partition by cycle, task) as rounds
    from task_event
    where is_known(seq, cycle)
    qualify row_number() over (partition by cycle, task order by seq desc) = 1
)
select * from final;
