-- one row per cycle and objection, as it stands now; filed_at: when it was made, filed_reason: what the unit said
create or replace view current_objection as
with final as (
    select
        *,
        min(recorded_at) over (partition by cycle, objection) as filed_at,
        first_value(reason) over (partition by cycle, objection order by seq) as filed_reason
    from objection_event
    where is_known(seq, cycle)
    qualify row_number() over (partition by cycle, objection order by seq desc) = 1
)
select * from final;
