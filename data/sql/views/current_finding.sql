-- one row per cycle and finding that stands confirmed now; state: that of its machine (procedure/machines.py), null where
-- an older program recorded it
create or replace view current_finding as
with newest as (
    select *
    from finding_event
    where is_known(seq, cycle)
    qualify row_number() over (partition by cycle, key order by seq desc) = 1
),
final as (
    select
        cycle, key, unit, finding, on_date, document, is_overdue, is_aggravated, note,
        seq, indicator, state, deadline, ordered, addressee, step_on, step_document, recorded_at
    from newest
    where is_confirmed
)
select * from final;
