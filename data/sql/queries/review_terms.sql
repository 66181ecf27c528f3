-- one row per indicator of the unit's set, in the scheme's order: what the unit says, each stage's newest ruling on this
-- workbook, the newest ruling of all (seq), and what the unit's answer was in the cycle before
with asked as (
    select
        indicator.*, dimension.name as dimension_name, dimension.position as dimension_position
    from cycle_indicator as indicator
    join cycle_dimension as dimension
        on dimension.cycle = indicator.cycle
        and dimension.dimension = indicator.dimension
    where indicator.cycle = $cycle
),
by_stage as (
    select
        review.indicator, review.stage, review.seq, review.role, review.reason, review.recorded_at,
        coalesce(review.act, case when review.state = 'na' then 'accept_na' else 'confirm' end) as act,
        said_value(
            asked.type, review.state, review.choice, review.number, review.numerator, review.denominator,
            review.on_date
        ) as said,
        attained(
            review.state, asked.type, review.choice, choice.value, review.number, review.numerator,
            review.denominator, asked.target, review.on_date, days.first_day, days.last_day
        ) as x
    from review
    join current_submission using (cycle, unit, submission)
    join asked on asked.indicator = review.indicator
    left join cycle_choice as choice
        on choice.cycle = review.cycle
        and choice.indicator = review.indicator
        and choice.choice = review.choice
    left join current_window as days
        on days.cycle = review.cycle
        and days.indicator = review.indicator
    where review.cycle = $cycle and review.unit = $unit
    qualify row_number() over (partition by review.indicator, review.stage order by review.seq desc) = 1
),
newest as (
    select review.indicator, max(review.seq) as seq
    from review
    join current_submission using (cycle, unit, submission)
    where review.cycle = $cycle and review.unit = $unit
    group by review.indicator
),
before as (
    select value.indicator, value.x as before_x, value.stage as before_stage, answer.text as before_text
    from result_counted_value as value
    left join answer
        on answer.submission = value.submission
        and answer.indicator = value.indicator
    where value.unit = $unit
        and value.cycle = (select max(cycle) from cycle where cycle < $cycle)
),
final as (
    select
        asked.indicator, asked.title, asked.question, asked.article, asked.place, asked.dimension,
        asked.dimension_name, asked.type, asked.points, asked.na, asked.position,
        value.submission, value.state, value.x, value.self_x, value.stage as counted_stage,
        coalesce(answer.state, 'blank') as claim, coalesce(answer.text, '') as answer,
        coalesce(answer.evidence, '') as evidence, coalesce(answer.na_reason, '') as na_reason,
        coalesce(answer.note, '') as note, answer.sheet, answer.cell,
        answer.choice, answer.number, answer.numerator, answer.denominator, answer.on_date,
        coalesce(newest.seq, 0) as seq,
        county.said as county_said, county.x as county_x, county.act as county_act, county.reason as county_reason,
        county.role as county_role, county.recorded_at as county_at,
        prefecture.said as prefecture_said, prefecture.x as prefecture_x, prefecture.act as prefecture_act,
        prefecture.reason as prefecture_reason, prefecture.role as prefecture_role,
        prefecture.recorded_at as prefecture_at,
        province.said as province_said, province.x as province_x, province.act as province_act,
        province.reason as province_reason, province.role as province_role, province.recorded_at as province_at,
        before.before_x, before.before_text, before.before_stage
    from result_counted_value as value
    join asked on asked.indicator = value.indicator
    left join answer
        on answer.submission = value.submission
        and answer.indicator = value.indicator
    left join newest on newest.indicator = value.indicator
    left join by_stage as county on county.indicator = value.indicator and county.stage = 'county'
    left join by_stage as prefecture on prefecture.indicator = value.indicator and prefecture.stage = 'prefecture'
    left join by_stage as province on province.indicator = value.indicator and province.stage = 'province'
    left join before on before.indicator = value.indicator
    where value.cycle = $cycle and value.unit = $unit
)
select * exclude (position) from final
order by position;
