-- one row per kept scheme version, the newest first: who kept it, when and why, and the cycles scored under it
with used as (
    select scheme_id, version, list(cycle order by cycle desc) as cycles
    from cycle
    group by scheme_id, version
),
acts as (
    select object, arg_min(account, seq) as account, arg_min(detail, seq) as reason
    from audit
    where action = 'scheme' and outcome = 'ok'
    group by object
),
final as (
    select
        scheme.scheme_id, scheme.version, scheme.title, scheme.loaded_at as saved_at,
        coalesce(acts.account, '') as account, coalesce(acts.reason, '') as reason,
        coalesce(used.cycles, []) as cycles, scheme.source
    from scheme
    left join used using (scheme_id, version)
    left join acts on acts.object = scheme.scheme_id || ' ' || scheme.version
    order by scheme.loaded_at desc, scheme.scheme_id, scheme.version
)
select * from final
