-- one row per cycle, region and stage that was ever closed: whether it is closed or open now, since when and why
create or replace view current_stage as
with final as (
    select *
    from stage_event
    where is_known(seq, cycle)
    qualify row_number() over (partition by cycle, region, stage order by seq desc) = 1
)
select * from final;
