-- one row per unit of the list, basis (all of them, where none is named) and indicator of its set, in the scheme's order: its answer and where it stands, the value
-- that counts, its effective weight (0 where it left the set) and the points it costs
with bases as (
    select distinct basis
    from cycle_basis
    where cycle = $cycle and ($basis is null or basis = $basis)
),
term as (
    select *
    from unit_term
    where cycle = $cycle and ($basis is null or basis = $basis) and among(unit, $units)
),
review as (
    select indicator, unit, reason from current_review where cycle = $cycle and among(unit, $units)
),
final as (
    select
        bases.basis, value.unit as code, indicator.indicator, indicator.title, indicator.question, indicator.article, indicator.place,
        indicator.dimension, dimension.name as dimension_name, indicator.type, indicator.points, indicator.position,
        value.state,
        case value.state
            when 'na' then '不适用'
            when 'pending' then '不适用待核'
            when 'blank' then '未填'
            else '已填报'
        end as state_name,
        coalesce(answer.text, '') as answer, value.x as attainment, value.self_x as self_attainment,
        coalesce(value.stage, 'self') as stage,
        case value.stage when 'county' then '县级初审' when 'prefecture' then '市级复核' when 'province' then '省级终评'
            else '自评' end as stage_name,
        coalesce(term.omega, 0) as effective_weight, coalesce(term.gap, 0) as gap,
        coalesce(answer.evidence, '') as evidence, coalesce(answer.na_reason, '') as na_reason,
        coalesce(review.reason, '') as review_reason,
        submission.filename, submission.sha256, answer.sheet, answer.cell
    from result_counted_value as value
    cross join bases
    join cycle_indicator as indicator
        on indicator.cycle = value.cycle
        and indicator.indicator = value.indicator
    join cycle_dimension as dimension
        on dimension.cycle = value.cycle
        and dimension.dimension = indicator.dimension
    join current_submission as submission on submission.cycle = value.cycle and submission.unit = value.unit
    left join term
        on term.basis = bases.basis
        and term.unit = value.unit
        and term.indicator = value.indicator
    left join answer
        on answer.submission = value.submission
        and answer.indicator = value.indicator
    left join review
        on review.unit = value.unit
        and review.indicator = value.indicator
    where value.cycle = $cycle and among(value.unit, $units)
)
select * exclude (position) from final
order by code, position;
