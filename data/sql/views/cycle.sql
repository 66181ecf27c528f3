-- one row per cycle as it stands now
create or replace view cycle as
with final as (
    select cycle, scheme_id, version, opens_on, deadline, status, coalesce(late, 'mark') as late
    from cycle_event
    where is_known(seq, cycle)
    qualify row_number() over (partition by cycle order by seq desc) = 1
)
select * from final;
