-- one row per unit of the list and indicator of its set, in the scheme's order: its answer and where it stands, and the value
-- that counts
with handed_in as (
    select * from current_submission where cycle = $cycle and among(unit, $units)
),
given as (
    -- said by submission, so that only theirs are read
    select * from answer where submission in (select submission from handed_in)
),
review as (
    select indicator, unit, reason from current_review where cycle = $cycle and among(unit, $units)
),
final as (
    select
        value.unit as code, indicator.indicator, indicator.title, indicator.question, indicator.article, indicator.place,
        indicator.dimension, dimension.name as dimension_name, indicator.type, indicator.points, indicator.position,
        value.state,
        case value.state
            when 'na' then '不适用'
            when 'pending' then '不适用待核'
            when 'blank' then '未填'
            else '已填报'
        end as state_name,
        coalesce(given.text, '') as answer, value.x as attainment, value.self_x as self_attainment,
        coalesce(value.stage, 'self') as stage,
        case value.stage when 'county' then '县级初审' when 'prefecture' then '市级复核' when 'province' then '省级终评'
            else '自评' end as stage_name,
        coalesce(given.evidence, '') as evidence, coalesce(given.na_reason, '') as na_reason,
        coalesce(review.reason, '') as review_reason,
        handed_in.filename, handed_in.sha256, given.sheet, given.cell
    from result_counted_value as value
    join handed_in on handed_in.unit = value.unit
    join cycle_indicator as indicator
        on indicator.cycle = value.cycle
        and indicator.indicator = value.indicator
    join cycle_dimension as dimension
        on dimension.cycle = value.cycle
        and dimension.dimension = indicator.dimension
    left join given
        on given.submission = value.submission
        and given.indicator = value.indicator
    left join review
        on review.unit = value.unit
        and review.indicator = value.indicator
    where value.cycle = $cycle and among(value.unit, $units)
)
select * exclude (position) from final
order by code, position;
