-- one row per cycle and category of units, as its scheme has it
create or replace view cycle_category as
with final as (
    select cycle.cycle, scheme_category.* exclude (scheme_id, version)
    from cycle
    join scheme_category using (scheme_id, version)
)
select * from final;
