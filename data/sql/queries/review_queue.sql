-- one row per registered unit of the region, as it stands for a reviewer of $stage: how many of its indicators are ruled on
-- at that stage or above, since when it waits, and what is known of it; those that wait longest on top
with decimals as (
    select decimals from cycle_rule where cycle = $cycle
),
member as (
    select
        unit.unit, unit.name, unit.region, unit.category, region.path as region_path, region.level,
        stage_step(region.level) as first_step
    from unit
    join region on region.region = unit.region
    where unit.cycle = $cycle
        and unit.region in (select region from region_member where ancestor = $region)
),
progress as (
    select
        value.unit,
        count(*) filter (not (value.state = 'na' and value.stage is null)) as total,
        count(*) filter (stage_step(value.stage) >= stage_step($stage)) as ruled,
        count(*) filter (stage_step(value.stage) >= stage_step($stage) - 1) as ruled_below,
        count(*) filter (value.state = 'pending') as pending
    from result_counted_value as value
    where value.cycle = $cycle
    group by value.unit
),
last_below as (
    select review.unit, max(review.recorded_at) as at
    from review
    join current_submission using (cycle, unit, submission)
    where review.cycle = $cycle and stage_step(review.stage) < stage_step($stage)
    group by review.unit
),
closed_below as (
    select region_member.region, max(stage.recorded_at) as at
    from current_stage as stage
    join region_member on region_member.ancestor = stage.region
    where stage.cycle = $cycle and stage.state = 'closed' and stage_step(stage.stage) = stage_step($stage) - 1
    group by region_member.region
),
standing as (
    select
        member.*, sheet.submission, sheet.state as sheet_state, sheet.message, sheet.returned_at,
        submission.received_at, submission.is_late, submission.filename,
        coalesce(progress.total, 0) as total, coalesce(progress.ruled, 0) as ruled,
        coalesce(progress.pending, 0) as pending,
        case
            when sheet.submission is null then null
            when member.first_step = stage_step($stage) then submission.received_at
            when closed_below.at is not null then greatest(closed_below.at, submission.received_at)
            when progress.ruled_below >= progress.total then last_below.at
        end as waiting_since
    from member
    left join sheet_state as sheet
        on sheet.cycle = $cycle
        and sheet.unit = member.unit
    left join current_submission as submission
        on submission.cycle = $cycle
        and submission.unit = member.unit
    left join progress on progress.unit = member.unit
    left join last_below on last_below.unit = member.unit
    left join closed_below on closed_below.region = member.region
    where member.first_step <= stage_step($stage)
),
final as (
    select
        standing.unit, standing.name, standing.region, standing.region_path, standing.category,
        category.name as category_name, standing.submission, standing.sheet_state,
        case
            when standing.submission is null then 'missing'
            when standing.sheet_state = 'returned' then 'returned'
            when standing.total > 0 and standing.ruled >= standing.total then 'done'
            when standing.ruled > 0 then 'in_progress'
            when standing.waiting_since is null then 'below'
            else 'waiting'
        end as state,
        standing.waiting_since, standing.received_at, standing.is_late, standing.total, standing.ruled,
        standing.pending, standing.message, standing.returned_at,
        round_half_up(score.self_base, decimals.decimals) as self_score,
        round_half_up(score.base, decimals.decimals) as verified_score,
        score.self_base - score.base as self_inflation, score.verified_share,
        sample.why as sampled_why, sample.unit is not null as is_sampled
    from standing
    cross join decimals
    join cycle_category as category
        on category.cycle = $cycle
        and category.category = standing.category
    left join result_unit_score as score
        on score.cycle = $cycle
        and score.unit = standing.unit
        and score.basis = 'composite'
    left join current_sample as sample
        on sample.cycle = $cycle
        and sample.unit = standing.unit
)
select * from final
order by waiting_since nulls last, unit;
