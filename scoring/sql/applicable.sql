-- one row per cycle, registered unit and indicator of its set I(u): its category or one of its tags matches
create or replace view applicable as
with trait as (
    select cycle, unit, 'category' as kind, category as value from unit
    union all
    select cycle, unit, 'category' as kind, 'all' as value from unit
    union all
    select cycle, unit, 'tag' as kind, unnest(tags) as value from unit
),
final as (
    select distinct trait.cycle, trait.unit, cycle_applies.indicator
    from trait
    join cycle_applies
        on cycle_applies.cycle = trait.cycle
        and cycle_applies.kind = trait.kind
        and cycle_applies.value = trait.value
)
select * from final;
