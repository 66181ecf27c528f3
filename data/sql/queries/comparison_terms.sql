-- one row per indicator over the units of one category in a region: its share ω of their full marks, attainment x and the
-- points of their score that it costs, as `region_terms` has them over all units of a region
with member as (
    select
        score.unit, score.category_weight as weight, score.score_exact is not null as has_score,
        score.state = 'not_submitted' and rule.missing = 'zero' as counts_zero
    from result_unit_score as score
    join region_member on region_member.region = score.region and region_member.ancestor = $region
    join cycle_rule as rule on rule.cycle = score.cycle
    where score.cycle = $cycle and score.basis = $basis and score.category = $category
),
whole as (
    select sum(weight) filter (has_score or counts_zero) as weight
    from member
),
summed as (
    select
        term.indicator, sum(member.weight * term.omega) as weight, sum(member.weight * term.gap) as lost
    from unit_term as term
    join member using (unit)
    where term.cycle = $cycle and term.basis = $basis
    group by term.indicator
),
final as (
    select
        '' as code, summed.indicator, summed.weight / whole.weight as omega,
        1 - summed.lost / nullif(100 * summed.weight, 0) as attainment, summed.lost / whole.weight as gap
    from summed
    cross join whole
)
select * from final
order by indicator;
