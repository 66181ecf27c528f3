-- one row per cycle and unit that has handed in: where its newest workbook stands (machine SHEET): submitted, reviewing
-- (ruled on), returned; first_ruled_at and rulings: of that workbook
create or replace view sheet_state as
with ruled as (
    select cycle, submission, min(recorded_at) as first_ruled_at, max(recorded_at) as last_ruled_at, count(*) as rulings
    from review
    where is_known(seq, cycle)
    group by cycle, submission
),
final as (
    select
        submission.cycle, submission.unit, submission.submission,
        case
            when returned.seq is not null then 'returned'
            when ruled.submission is not null then 'reviewing'
            else 'submitted'
        end as state,
        ruled.first_ruled_at, ruled.last_ruled_at, coalesce(ruled.rulings, 0) as rulings,
        returned.message, returned.role as returned_role, returned.stage as returned_stage,
        returned.recorded_at as returned_at
    from current_submission as submission
    left join ruled
        on ruled.cycle = submission.cycle
        and ruled.submission = submission.submission
    left join current_return as returned
        on returned.cycle = submission.cycle
        and returned.unit = submission.unit
)
select * from final;
