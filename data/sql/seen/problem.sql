-- the problems of the files whose receipt may be seen
create or replace view seen.problem as
with final as (
    select *
    from assessment.problem
    where receipt in (select receipt from seen.receipt)
)
select * from final;
