-- one row per cycle and function tag, as its scheme has it
create or replace view cycle_tag as
with final as (
    select cycle.cycle, scheme_tag.* exclude (scheme_id, version)
    from cycle
    join scheme_tag using (scheme_id, version)
)
select * from final;
