-- one row per cycle and indicator and named answer, as its scheme has it
create or replace view cycle_choice as
with final as (
    select cycle.cycle, scheme_choice.* exclude (scheme_id, version)
    from cycle
    join scheme_choice using (scheme_id, version)
)
select * from final;
