-- one row per cycle and unit on its register now
create or replace view unit as
with newest as (
    select
        cycle, unit, max_by(name, seq) as name, max_by(region, seq) as region, max_by(category, seq) as category,
        max_by(tags, seq) as tags, max_by(is_active, seq) as is_active
    from registration
    where is_known(seq, cycle)
    group by cycle, unit
),
final as (
    select cycle, unit, name, region, category, tags
    from newest
    where is_active
)
select * from final;
