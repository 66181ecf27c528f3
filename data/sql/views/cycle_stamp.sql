-- one row per cycle: when its newest file came in
create or replace view cycle_stamp as
with final as (
    select cycle, max(recorded_at) as newest
    from receipt
    where is_known(receipt, cycle)
    group by cycle
)
select * from final;
