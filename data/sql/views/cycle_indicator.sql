-- one row per cycle and indicator, as its scheme has it
create or replace view cycle_indicator as
with final as (
    select cycle.cycle, scheme_indicator.* exclude (scheme_id, version)
    from cycle
    join scheme_indicator using (scheme_id, version)
)
select * from final;
