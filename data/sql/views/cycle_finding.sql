-- one row per cycle and kind of finding, as its scheme has it
create or replace view cycle_finding as
with final as (
    select cycle.cycle, scheme_finding.* exclude (scheme_id, version)
    from cycle
    join scheme_finding using (scheme_id, version)
)
select * from final;
