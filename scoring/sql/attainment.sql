-- one row per submission that counts, indicator and stage (self, or the latest evaluator's: county, prefecture,
-- province): attainment x in [0, 1] by the indicator's type; a state of `na` is a claimed or, at a later stage, an
-- accepted 不适用 and has no x
create or replace view attainment as
with claim as (
    select
        current_submission.cycle, answer.submission, answer.indicator, 'self' as stage, answer.state,
        answer.choice, answer.number, answer.numerator, answer.denominator, answer.on_date
    from answer
    join current_submission on current_submission.submission = answer.submission
    union all
    select cycle, submission, indicator, stage, state, choice, number, numerator, denominator, on_date
    from current_review
),
asked as (
    select cycle, indicator, type, target, first_day, last_day
    from cycle_indicator
    left join current_window using (cycle, indicator)
),
final as (
    select
        claim.cycle, claim.submission, claim.indicator, claim.stage, claim.state,
        attained(
            claim.state, asked.type, claim.choice, cycle_choice.value, claim.number, claim.numerator,
            claim.denominator, asked.target, claim.on_date, asked.first_day, asked.last_day
        ) as x
    from claim
    join asked
        on asked.cycle = claim.cycle
        and asked.indicator = claim.indicator
    left join cycle_choice
        on cycle_choice.cycle = claim.cycle
        and cycle_choice.indicator = claim.indicator
        and cycle_choice.choice = claim.choice
)
select * from final;
