-- one row per cycle, unit, stage and indicator: the newest ruling on the workbook before the newest one, where the unit's
-- answer, reason for 不适用 and evidence read the same in both
create or replace view carried_ruling as
with numbered as (
    select
        cycle, unit, submission,
        row_number() over (partition by cycle, unit order by submission desc) as age
    from submission
    where is_known(submission, cycle)
),
pair as (
    select newest.cycle, newest.unit, newest.submission, before.submission as before_submission
    from numbered as newest
    join numbered as before
        on before.cycle = newest.cycle
        and before.unit = newest.unit
        and before.age = 2
    where newest.age = 1
),
final as (
    select
        review.cycle, review.unit, review.stage, review.indicator,
        coalesce(
            review.act,
            case
                when review.state = 'na' then 'accept_na'
                when now.state = 'na' then 'refuse_na'
                else 'change'
            end
        ) as act,
        review.reason, review.choice, review.number, review.numerator, review.denominator, review.on_date
    from pair
    join review
        on review.cycle = pair.cycle
        and review.unit = pair.unit
        and review.submission = pair.before_submission
        and is_known(review.seq, review.cycle)
    join answer as now
        on now.submission = pair.submission
        and now.indicator = review.indicator
    join answer as earlier
        on earlier.submission = pair.before_submission
        and earlier.indicator = review.indicator
    where now.state = earlier.state
        and (now.text, now.na_reason, now.evidence) = (earlier.text, earlier.na_reason, earlier.evidence)
    qualify row_number() over (
        partition by review.cycle, review.unit, review.stage, review.indicator order by review.seq desc
    ) = 1
)
select * from final;
