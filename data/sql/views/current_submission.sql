-- one row per cycle and unit that has handed in: its newest workbook; late where even the first came after the deadline
create or replace view current_submission as
with final as (
    select
        cycle, unit, max(submission) as submission, max_by(sha256, submission) as sha256,
        max_by(filename, submission) as filename, max_by(scheme_id, submission) as scheme_id,
        max_by(version, submission) as version, max_by(received_at, submission) as received_at,
        bool_and(is_late) as is_late
    from submission
    where is_known(submission, cycle)
    group by cycle, unit
)
select * from final;
