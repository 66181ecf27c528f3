-- one row per cycle and indicator and system in which it has a share, as its scheme has it
create or replace view cycle_share as
with final as (
    select cycle.cycle, scheme_share.* exclude (scheme_id, version)
    from cycle
    join scheme_share using (scheme_id, version)
)
select * from final;
