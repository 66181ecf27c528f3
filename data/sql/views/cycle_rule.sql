-- one row per cycle: its scheme's rules
create or replace view cycle_rule as
with final as (
    select cycle.cycle, scheme_rule.* exclude (scheme_id, version)
    from cycle
    join scheme_rule using (scheme_id, version)
)
select * from final;
