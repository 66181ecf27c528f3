-- the answers of the workbooks whose unit the scope holds
create or replace view seen.answer as
with final as (
    select *
    from assessment.answer
    where submission in (select submission from seen.submission)
)
select * from final;
