-- one row per claim of 不适用 that may be ruled on, of the units in the region; undecided ones first, the oldest on top:
-- its reason, how many of the category's units claim the same (share of those asked), and who decided what
with claimed as (
    select
        unit.cycle, unit.category, value.indicator,
        count(*) as asked, count(*) filter (answer.state = 'na') as claims
    from result_counted_value as value
    join unit
        on unit.cycle = value.cycle
        and unit.unit = value.unit
    left join answer
        on answer.submission = value.submission
        and answer.indicator = value.indicator
    where value.cycle = $cycle
    group by all
),
newest as (
    select review.unit, review.indicator, max(review.seq) as seq
    from review
    join current_submission using (cycle, unit, submission)
    where review.cycle = $cycle
    group by all
),
final as (
    select
        value.unit, value.submission, unit.name, unit.region, region.path as region_path, unit.category,
        category.name as category_name, value.indicator, indicator.title, indicator.question, indicator.article,
        indicator.place, indicator.points, indicator.type, answer.na_reason, answer.evidence, submission.received_at,
        claimed.claims, claimed.asked, claimed.claims / claimed.asked as claim_share,
        case when review.seq is null then 'pending' when review.state = 'na' then 'accepted' else 'refused' end as state,
        review.stage, review.role, review.reason, review.recorded_at as ruled_at, coalesce(newest.seq, 0) as seq,
        returned.unit is not null as is_returned, indicator.position
    from result_counted_value as value
    join unit
        on unit.cycle = value.cycle
        and unit.unit = value.unit
    join region on region.region = unit.region
    join region_member on region_member.region = unit.region and region_member.ancestor = $region
    join cycle_category as category
        on category.cycle = value.cycle
        and category.category = unit.category
    join cycle_indicator as indicator
        on indicator.cycle = value.cycle
        and indicator.indicator = value.indicator
    join answer
        on answer.submission = value.submission
        and answer.indicator = value.indicator
        and answer.state = 'na'
    join submission on submission.submission = value.submission
    join claimed
        on claimed.category = unit.category
        and claimed.indicator = value.indicator
    left join current_review as review
        on review.cycle = value.cycle
        and review.unit = value.unit
        and review.indicator = value.indicator
    left join newest
        on newest.unit = value.unit
        and newest.indicator = value.indicator
    left join current_return as returned
        on returned.cycle = value.cycle
        and returned.unit = value.unit
    where value.cycle = $cycle
        and indicator.na = 'review'
        and ($category is null or unit.category = $category)
)
select * exclude (position) from final
order by state <> 'pending', received_at, unit, position;
