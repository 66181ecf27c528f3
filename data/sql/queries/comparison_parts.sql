-- one row: the score of the units of one category in a region, or of all its units, as a region's is computed, and its parts
-- that are not gaps; outside: its units with a score that lie in none of the regions `within`
with member as (
    select
        score.*, rule.decimals, rule.missing as missing_rule,
        score.state = 'not_submitted' as is_missing, score.score_exact is not null as has_score,
        list_contains($within, score.region) as is_within
    from result_unit_score as score
    join region_member on region_member.region = score.region and region_member.ancestor = $region
    join cycle_rule as rule on rule.cycle = score.cycle
    where score.cycle = $cycle and score.basis = $basis and ($category is null or score.category = $category)
),
summed as (
    select
        count(*) as registered,
        count(*) filter (not is_missing) as submitted,
        count(*) filter (has_score) as scored,
        count(*) filter (has_score and not is_within) as outside,
        any_value(decimals) as decimals,
        sum(category_weight) filter (has_score or (is_missing and missing_rule = 'zero')) as whole,
        sum(category_weight * score_exact) as earned,
        coalesce(sum(category_weight * 100) filter (is_missing and missing_rule = 'zero'), 0) as missing,
        coalesce(sum(category_weight * deductions) filter (has_score), 0) as deductions,
        coalesce(sum(category_weight * bonus) filter (has_score), 0) as bonus,
        coalesce(sum(category_weight * clipped), 0) as clipped,
        coalesce(sum(category_weight * veto), 0) as veto
    from member
),
final as (
    select
        registered, submitted, scored, outside,
        earned / whole as score_exact, round_half_up(earned / whole, decimals) as score,
        missing / whole as missing, deductions / whole as deductions, bonus / whole as bonus,
        clipped / whole as clipped, veto / whole as veto
    from summed
)
select * from final;
