-- one row per cycle, submitted unit and indicator of its set: the value that counts (the latest stage's, else the
-- unit's own) and the unit's own; x is null where the indicator leaves the set
--   state: answered, blank (nothing in the workbook: 0), na (left the set), pending (不适用 under review: 0 until ruled)
with said as (
    select
        register.cycle, register.unit, answer.submission, asked_of.indicator, asked_of.points, asked_of.na, answer.state,
        attained(
            answer.state, asked_of.type, answer.choice, worth.value, answer.number, answer.numerator, answer.denominator,
            asked_of.target, answer.on_date, asked_of.first_day, asked_of.last_day
        ) as x
    from assessment.answer
    join register using (submission)
    join asked_of
        -- compared as one, so that each answer's workbook is looked up first: every workbook × its whole set is much more
        on (asked_of.cycle, asked_of.profile, asked_of.indicator) = (register.cycle, register.profile, answer.indicator)
    left join worth
        on worth.cycle = register.cycle
        and worth.indicator = answer.indicator
        and worth.choice = answer.choice
    union all
    select
        register.cycle, register.unit, blank.submission, blank.indicator, asked_of.points, asked_of.na, 'blank' as state,
        0 as x
    from blank
    join register using (cycle, submission)
    join asked_of using (cycle, profile, indicator)
),
final as (
    select
        said.cycle, said.unit, said.indicator, said.submission, said.points, ruled.stage,
        case
            when ruled.state is not null then ruled.state
            when said.state = 'na' and na = 'free' then 'na'
            when said.state = 'na' and na = 'review' then 'pending'
            when said.state = 'blank' then 'blank'
            else 'answered'
        end as state,
        case
            when ruled.state is not null then ruled.x
            when said.state = 'na' and na = 'free' then null
            else coalesce(said.x, 0)
        end as x,
        case when said.state = 'na' and na in ('free', 'review') then null else coalesce(said.x, 0) end as self_x
    from said
    left join ruled
        on ruled.cycle = said.cycle
        and ruled.submission = said.submission
        and ruled.indicator = said.indicator
)
select * from final;
