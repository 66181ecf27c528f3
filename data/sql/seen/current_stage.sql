-- the rows of current_stage of the regions that may be seen, and of those the scope lies in
create or replace view seen.current_stage as
with final as (
    select *
    from assessment.current_stage
    where region in (select region from seen.region)
)
select * from final;
