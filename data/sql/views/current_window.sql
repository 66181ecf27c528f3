-- one row per cycle and `date` indicator: the first and last day that count, as the cycle was last opened
create or replace view current_window as
with final as (
    select cycle, indicator, first_day, last_day
    from cycle_window
    where is_known(seq, cycle)
    qualify rank() over (partition by cycle order by seq desc) = 1
)
select * from final;
