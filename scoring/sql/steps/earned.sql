-- sums over the answers of the workbooks that count, at two grains: one row per workbook and system, and one per class,
-- indicator and system. earned: Σ p·λ·x by the value that counts (the latest stage's, else the unit's own); self_earned:
-- by the unit's own; x: Σ x; full: answers with full marks; answers: of the set, whatever they say. What left the set,
-- claims 不适用, or is no named answer of the indicator earns nothing
with said as (
    select
        sheet.submission, sheet.class, answer.indicator,
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
counted as (
    select said.*, case when ruled.state is null then self_x else ruled.x end as x
    from said
    left join ruled using (submission, indicator)
),
final as (
    select
        counted.submission, counted.class, counted.indicator, weighed.system,
        sum(weighed.points * x) as earned, sum(weighed.points * self_x) as self_earned,
        sum(x) as x, count(*) filter (x >= 1) as full_marks, count(*) as answers
    from counted
    join weighed using (indicator)
    group by grouping sets ((counted.submission, weighed.system), (counted.class, counted.indicator, weighed.system))
)
select * from final;
