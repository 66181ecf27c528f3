-- one row per cycle and indicator and category or tag that it applies to, as its scheme has it
create or replace view cycle_applies as
with final as (
    select cycle.cycle, scheme_applies.* exclude (scheme_id, version)
    from cycle
    join scheme_applies using (scheme_id, version)
)
select * from final;
