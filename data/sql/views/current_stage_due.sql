-- one row per cycle and stage that the province set a date for
create or replace view current_stage_due as
with final as (
    select *
    from stage_due
    where is_known(seq, cycle)
    qualify row_number() over (partition by cycle, stage order by seq desc) = 1
)
select * from final;
