-- one row per answer of a workbook that counts to an indicator of its unit's set (by position): x by the value that counts
-- (the latest stage's, else the unit's own), and by the unit's own. Null: it left the set or claims 不适用. What is no
-- named answer of the indicator is left out: it earns nothing
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
)
select
    said.submission, said.class, said.position, said.self_x,
    case when ruled.state is null then self_x else ruled.x end as x
from said
left join ruled using (submission, indicator);
