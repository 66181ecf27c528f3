-- the rows of shown_region_score of the regions that may be seen as a whole; none for a single unit
create or replace view seen.result_region_score as
with final as (
    select *
    from assessment.shown_region_score
    where getvariable('scope_unit') is null and region in (select region from seen.region)
)
select * from final;
