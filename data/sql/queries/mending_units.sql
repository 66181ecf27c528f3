-- one row per unit that counts in the score of the region: its weight, B − D + E before any limit, its cap, what was
-- deducted and given; and, in every row, Σ c and the exact score of the region
with final as (
    select
        score.unit as code, score.category_weight as weight, score.base - score.deductions + score.bonus as raw,
        case when score.has_veto then least(rule.veto_cap, 100) else 100 end as cap,
        score.deductions, score.bonus, score.has_veto,
        region_score.total_weight as whole, region_score.score_exact as region_score
    from result_unit_score as score
    join region_member on region_member.region = score.region and region_member.ancestor = $region
    join cycle_rule as rule on rule.cycle = score.cycle
    join result_region_score as region_score
        on region_score.cycle = score.cycle
        and region_score.basis = score.basis
        and region_score.region = $region
    where score.cycle = $cycle and score.basis = $basis and score.score_exact is not null
)
select * from final
order by code;
