-- one row per cycle and grade, as its scheme has it
create or replace view cycle_grade as
with final as (
    select cycle.cycle, scheme_grade.* exclude (scheme_id, version)
    from cycle
    join scheme_grade using (scheme_id, version)
)
select * from final;
