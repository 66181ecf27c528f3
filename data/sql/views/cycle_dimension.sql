-- one row per cycle and dimension, as its scheme has it
create or replace view cycle_dimension as
with final as (
    select cycle.cycle, scheme_dimension.* exclude (scheme_id, version)
    from cycle
    join scheme_dimension using (scheme_id, version)
)
select * from final;
