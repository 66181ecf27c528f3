-- the rows of stage_event of the regions that may be seen, and of those the scope lies in
create or replace view seen.stage_event as
with final as (
    select *
    from assessment.stage_event
    where region in (select region from seen.region)
)
select * from final;
