-- the units' own answers in workbooks that count, to indicators of their sets, added up twice in one pass, for a row per answer
-- is costly to keep. x is null for 不适用. What is no named answer of the indicator is left out: it earns nothing
--   one row per workbook and pair of systems: how many answers it has, and what they earned in each of the two, Σ p·λ·x
--   one row per class of units and indicator (by position): Σ x, and how many have full marks
with said as materialized (
    select
        sheet.submission, sheet.class, worth.position,
        attained(
            answer.state, worth.type, answer.choice, worth.value, answer.number, answer.numerator, answer.denominator,
            worth.target, answer.on_date, worth.first_day, worth.last_day
        ) as x
    from answer
    join sheet using (submission)
    join answer_worth as worth
        on worth.profile = sheet.profile
        and worth.indicator = answer.indicator
        and worth.choice is not distinct from answer.choice
),
of_workbooks as (
    select
        submission, pair, count(*) as answers,
        sum(first_points * x) as first_earned, sum(second_points * x) as second_earned
    from said
    join pair_points using (position)
    group by all
),
of_classes as (
    select class, position, sum(x) as x, count(*) filter (x >= 1) as full_marks
    from said
    group by all
),
final as (
    select * from of_workbooks
    union all by name
    select * from of_classes
)
select * from final;
