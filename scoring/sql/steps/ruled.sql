-- one row per workbook that counts and indicator that an evaluator ruled on: the value of the latest stage
select
    review.cycle, review.submission, review.indicator, review.stage, review.state,
    attained(
        review.state, asked.type, review.choice, worth.value, review.number, review.numerator,
        review.denominator, asked.target, review.on_date, asked.first_day, asked.last_day
    ) as x
from current_review as review
join asked using (cycle, indicator)
left join worth using (cycle, indicator, choice);
