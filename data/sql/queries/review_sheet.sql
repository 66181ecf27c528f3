-- one row per unit of the list and indicator that waits for a ruling at $stage, at most $most: what the unit says, and what the
-- stage below made of it
with ruled as (
    select review.unit, review.indicator, max(review.seq) as seq
    from review
    join current_submission using (cycle, unit, submission)
    where review.cycle = $cycle
    group by review.unit, review.indicator
),
waiting as (
    select
        value.unit, value.indicator, value.submission, value.state, value.stage, unit.name, unit.region, unit.category
    from result_counted_value as value
    join unit on unit.cycle = value.cycle and unit.unit = value.unit
    where value.cycle = $cycle and among(value.unit, $units)
        and coalesce(stage_step(value.stage), 0) < stage_step($stage)
        and not (value.state = 'na' and value.stage is null)
        and (not $only_na or value.state = 'pending')
),
listed as (
    -- cut before the texts are fetched: of a whole province there may be hundreds of thousands
    select
        waiting.*, category.name as category_name, category.position as category_position, indicator.title,
        indicator.position
    from waiting
    join cycle_category as category
        on category.cycle = $cycle
        and category.category = waiting.category
    join cycle_indicator as indicator
        on indicator.cycle = $cycle
        and indicator.indicator = waiting.indicator
    order by waiting.region, category.position, waiting.unit, indicator.position
    limit $most
),
final as (
    select
        waiting.submission, waiting.unit, waiting.name, region.path as region_path, waiting.category_name,
        waiting.indicator, waiting.title, waiting.state, coalesce(answer.state, 'blank') as claim,
        coalesce(answer.text, '') as answer, coalesce(answer.evidence, '') as evidence,
        coalesce(answer.na_reason, '') as na_reason,
        below.stage as below_stage, below.state as below_state, below.choice, below.number, below.numerator,
        below.denominator, below.on_date, coalesce(below.reason, '') as below_reason,
        coalesce(ruled.seq, 0) as seq
    from listed as waiting
    join region on region.region = waiting.region
    left join answer
        on answer.submission = waiting.submission
        and answer.indicator = waiting.indicator
    left join current_review as below
        on below.cycle = $cycle
        and below.unit = waiting.unit
        and below.indicator = waiting.indicator
    left join ruled
        on ruled.unit = waiting.unit
        and ruled.indicator = waiting.indicator
    order by waiting.region, waiting.category_position, waiting.unit, waiting.position
)
select * from final;
