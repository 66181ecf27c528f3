-- one row per unit and indicator asked for ($units and $indicators, side by side) of a unit that has handed in: the claim,
-- the value that counts now, and the newest ruling whatever its stage
with wanted as (
    select distinct unnest($units) as unit, unnest($indicators) as indicator
),
newest as (
    select review.*
    from review
    join current_submission using (cycle, unit, submission)
    where review.cycle = $cycle and review.unit in (select unit from wanted)
    qualify row_number() over (partition by review.unit, review.indicator order by review.seq desc) = 1
),
final as (
    select
        wanted.unit, wanted.indicator, submission.submission, returned.unit is not null as is_returned,
        answer.state as claim,
        counts.stage, counts.state,
        case when counts.seq is null then answer.choice else counts.choice end as choice,
        case when counts.seq is null then answer.number else counts.number end as number,
        case when counts.seq is null then answer.numerator else counts.numerator end as numerator,
        case when counts.seq is null then answer.denominator else counts.denominator end as denominator,
        case when counts.seq is null then answer.on_date else counts.on_date end as on_date,
        coalesce(newest.seq, 0) as newest_seq, newest.stage as newest_stage, newest.recorded_at as newest_at,
        newest.state as newest_state, newest.reason as newest_reason, newest.choice as newest_choice,
        newest.number as newest_number, newest.numerator as newest_numerator,
        newest.denominator as newest_denominator, newest.on_date as newest_on_date
    from wanted
    join current_submission as submission
        on submission.cycle = $cycle
        and submission.unit = wanted.unit
    left join current_return as returned
        on returned.cycle = $cycle
        and returned.unit = wanted.unit
    left join answer
        on answer.submission = submission.submission
        and answer.indicator = wanted.indicator
    left join current_review as counts
        on counts.cycle = $cycle
        and counts.unit = wanted.unit
        and counts.indicator = wanted.indicator
    left join newest
        on newest.unit = wanted.unit
        and newest.indicator = wanted.indicator
)
select * from final;
