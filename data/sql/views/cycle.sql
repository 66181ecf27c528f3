-- one row per cycle as it stands now
create or replace view cycle as
with final as (
    select cycle, scheme_id, version, opens_on, deadline, status, coalesce(late, 'mark') as late
    from cycle_event
    where (seq <= coalesce(getvariable('as_of'), 9223372036854775807)
            or cycle <> getvariable('publication_cycle'))
    qualify row_number() over (partition by cycle order by seq desc) = 1
)
select * from final;
