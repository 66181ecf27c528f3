-- one row per cycle and basis and system that counts in it, as its scheme has it
create or replace view cycle_basis as
with final as (
    select cycle.cycle, scheme_basis.* exclude (scheme_id, version)
    from cycle
    join scheme_basis using (scheme_id, version)
)
select * from final;
