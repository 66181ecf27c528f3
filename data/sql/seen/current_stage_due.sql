-- current_stage_due whole, for anybody with a scope: it tells of no unit
create or replace view seen.current_stage_due as
with final as (
    select *
    from assessment.current_stage_due
    where getvariable('scope_region') is not null
)
select * from final;
