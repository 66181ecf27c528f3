-- one row per claim of 不适用 that may be ruled on, of the units in the region; undecided ones first, the oldest on top:
-- its reason, how many of the category's units claim the same (share of those asked), and who decided what
with asked as (
    -- one's own value is missing just where one claims 不适用 of what may not apply
    select
        value.cycle, value.unit, value.submission, unit.name, unit.region, unit.category, value.indicator,
        indicator.title, indicator.question, indicator.article, indicator.place, indicator.points, indicator.type,
        indicator.position, value.self_x is null as is_claimed
    from result_counted_value as value
    join unit
        on unit.cycle = value.cycle
        and unit.unit = value.unit
    join cycle_indicator as indicator
        on (indicator.cycle, indicator.indicator) = (value.cycle, value.indicator)
    where value.cycle = $cycle and indicator.cycle = $cycle and indicator.na = 'review'
),
claimed as (
    select category, indicator, count(*) as asked, count(*) filter (is_claimed) as claims
    from asked
    group by category, indicator
),
claim as (
    select asked.*
    from asked
    join region_member as inside on inside.region = asked.region and inside.ancestor = $region
    where asked.is_claimed
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
        claim.unit, claim.submission, claim.name, claim.region, region.path as region_path, claim.category,
        category.name as category_name, claim.indicator, claim.title, claim.question, claim.article,
        claim.place, claim.points, claim.type, answer.na_reason, answer.evidence, submission.received_at,
        claimed.claims, claimed.asked, claimed.claims / claimed.asked as claim_share,
        case when review.seq is null then 'pending' when review.state = 'na' then 'accepted' else 'refused' end as state,
        review.stage, review.role, review.reason, review.recorded_at as ruled_at, coalesce(newest.seq, 0) as seq,
        returned.unit is not null as is_returned, claim.position
    from claim
    join region on region.region = claim.region
    join cycle_category as category
        on category.cycle = claim.cycle
        and category.category = claim.category
    join answer
        on answer.submission = claim.submission
        and answer.indicator = claim.indicator
    join submission on submission.submission = claim.submission
    join claimed
        on claimed.category = claim.category
        and claimed.indicator = claim.indicator
    left join current_review as review
        on review.cycle = claim.cycle
        and review.unit = claim.unit
        and review.indicator = claim.indicator
    left join newest
        on newest.unit = claim.unit
        and newest.indicator = claim.indicator
    left join current_return as returned
        on returned.cycle = claim.cycle
        and returned.unit = claim.unit
)
select * exclude (position) from final
order by state <> 'pending', received_at, unit, position;
