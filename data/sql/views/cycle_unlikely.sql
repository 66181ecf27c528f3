-- one row per cycle, rule on answers that are unlikely together and side of it, as its scheme has it
create or replace view cycle_unlikely as
with final as (
    select cycle.cycle, scheme_unlikely.* exclude (scheme_id, version)
    from cycle
    join scheme_unlikely using (scheme_id, version)
)
select * from final;
