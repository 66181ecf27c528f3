-- one row per cycle and unit that has handed in: its newest workbook; late where even the first came after the deadline
create or replace view current_submission as
with final as (
    select
        cycle, unit, submission, sha256, filename, scheme_id, version, received_at,
        bool_and(is_late) over (partition by cycle, unit) as is_late
    from submission
    where is_known(submission, cycle)
    qualify row_number() over (partition by cycle, unit order by submission desc) = 1
)
select * from final;
