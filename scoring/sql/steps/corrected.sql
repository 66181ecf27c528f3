-- one row per workbook that counts and indicator of its unit's set that was ruled on: x by the latest stage, and own_x by the
-- unit's own value. null: 不适用; own_x also where the unit said nothing, or nothing that has a worth
with said as (
    select
        ruled.submission, asked_of.position,
        attained(
            answer.state, asked_of.type, answer.choice, worth.value, answer.number, answer.numerator, answer.denominator,
            asked_of.target, answer.on_date, asked_of.first_day, asked_of.last_day
        ) as own_x
    from ruled
    join answer using (submission, indicator)
    join sheet using (submission)
    join asked_of using (profile, indicator)
    left join worth
        on worth.indicator = answer.indicator
        and worth.choice = answer.choice
)
select ruled.submission, sheet.class, asked_of.position, ruled.x, said.own_x
from ruled
join sheet using (submission)
join asked_of using (profile, indicator)
left join said
    on said.submission = ruled.submission
    and said.position = asked_of.position;
