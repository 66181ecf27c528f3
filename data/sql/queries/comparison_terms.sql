-- one row per indicator over the units of one category in a region: its share ω of their full marks, attainment x and the
-- points of their score that it costs, as `region_terms` has them over all units of a region
with whole as (
    select sum(score.category_weight) as weight
    from result_unit_score as score
    join region_member on region_member.region = score.region and region_member.ancestor = $region
    join cycle_rule as rule on rule.cycle = score.cycle
    where score.cycle = $cycle and score.basis = $basis and score.category = $category
        and (score.score_exact is not null or (score.state = 'not_submitted' and rule.missing = 'zero'))
),
summed as (
    select leaf.indicator, sum(leaf.weight) as weight, sum(leaf.lost) as lost
    from result_leaf_gap as leaf
    join region_member on region_member.region = leaf.region and region_member.ancestor = $region
    where leaf.cycle = $cycle and leaf.basis = $basis and leaf.category = $category
    group by leaf.indicator
),
final as (
    select
        '' as code, summed.indicator, summed.weight / whole.weight as omega,
        attainment_of(summed.lost, summed.weight) as attainment, summed.lost / whole.weight as gap
    from summed
    cross join whole
)
select * from final
order by indicator;
