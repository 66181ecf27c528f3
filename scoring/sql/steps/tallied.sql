-- the answers of workbooks that count to indicators of their units' sets, added up twice in one pass, for a row per answer is
-- costly to keep. x is by the value that counts (the latest stage's, else the unit's own), self_x by the unit's own; null: it
-- left the set or claims 不适用. What is no named answer of the indicator is left out: it earns nothing
--   one row per workbook and system: how many answers it has there, and what they earned, Σ p·λ·x, by both values
--   one row per class of units and indicator (by position): Σ x, and how many have full marks
with said as (
    select
        sheet.submission, sheet.class, worth.position, worth.indicator,
        attained(
            answer.state, worth.type, answer.choice, worth.value, answer.number, answer.numerator, answer.denominator,
            worth.target, answer.on_date, worth.first_day, worth.last_day
        ) as self_x
    from answer
    join sheet using (submission)
    join answer_worth as worth
        on worth.profile = sheet.profile
        and worth.indicator = answer.indicator
        and worth.choice is not distinct from answer.choice
),
counted as materialized (
    select
        said.submission, said.class, said.position, said.self_x,
        case when ruled.state is null then self_x else ruled.x end as x
    from said
    left join ruled using (submission, indicator)
),
of_workbooks as (
    select
        submission, system, count(*) as answers,
        sum(weighed.points * x) as earned, sum(weighed.points * self_x) as self_earned
    from counted
    join weighed using (position)
    group by all
),
of_classes as (
    select class, position, sum(x) as x, count(*) filter (x >= 1) as full_marks
    from counted
    group by all
),
final as (
    select * from of_workbooks
    union all by name
    select * from of_classes
)
select * from final;
