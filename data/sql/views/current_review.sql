-- one row per cycle, unit and indicator that an evaluator ruled on: the latest stage, and there the newest ruling,
-- as far as it was made on the unit's newest workbook
create or replace view current_review as
with final as (
    select
        review.cycle, review.unit, review.submission, review.indicator, review.stage, review.state, review.reason,
        review.choice,
        review.number, review.numerator, review.denominator, review.on_date, review.recorded_at,
        review.seq, review.act, review.account, review.role
    from review
    join current_submission using (cycle, unit, submission)
    where is_known(review.seq, review.cycle)
    qualify row_number() over (
        partition by review.cycle, review.unit, review.indicator
        order by stage_step(review.stage) desc, review.seq desc
    ) = 1
)
select * from final;
