-- one row per cycle and unit on its register now
create or replace view unit as
with newest as (
    select *
    from registration
    where is_known(seq, cycle)
    qualify row_number() over (partition by cycle, unit order by seq desc) = 1
),
final as (
    select cycle, unit, name, region, category, tags
    from newest
    where is_active
)
select * from final;
