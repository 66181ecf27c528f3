-- one row per cycle and responsibility system, as its scheme has it
create or replace view cycle_system as
with final as (
    select cycle.cycle, scheme_system.* exclude (scheme_id, version)
    from cycle
    join scheme_system using (scheme_id, version)
)
select * from final;
