-- one row per cycle: when its newest file came in
create or replace view cycle_stamp as
with final as (
    select cycle, max(recorded_at) as newest
    from receipt
    where (receipt <= coalesce(getvariable('as_of'), 9223372036854775807)
            or cycle <> getvariable('publication_cycle'))
    group by cycle
)
select * from final;
