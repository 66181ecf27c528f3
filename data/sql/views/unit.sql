-- one row per cycle and unit on its register now: the newest entry of each, which an event names once
create or replace view unit as
with newest as (
    select cycle, unit, max(seq) as seq
    from registration
    where is_known(seq, cycle)
    group by cycle, unit
),
final as (
    select cycle, unit, name, region, category, tags
    from newest
    join registration using (cycle, unit, seq)
    where is_active
)
select * from final;
