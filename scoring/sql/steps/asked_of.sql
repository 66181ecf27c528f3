-- one row per profile and indicator of its set I(u): its category or one of its tags matches
with trait as (
    select profile, 'category' as kind, unnest([category, 'all']) as value from profile
    union all
    select profile, 'tag' as kind, unnest(tags) as value from profile
),
final as (
    select distinct trait.profile, asked.*
    from trait
    join cycle_applies using (kind, value)
    join asked using (cycle, indicator)
)
select * from final;
