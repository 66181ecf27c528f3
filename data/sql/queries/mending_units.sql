-- one row per unit that counts in a score: its region, its weight, B − D + E before any limit, its cap, what was deducted and given
with final as (
    select
        score.unit as code, score.region, score.category_weight as weight,
        score.base - score.deductions + score.bonus as raw,
        case when score.has_veto then least(rule.veto_cap, 100) else 100 end as cap,
        score.deductions, score.bonus, score.has_veto
    from result_unit_score as score
    join cycle_rule as rule on rule.cycle = score.cycle
    where score.cycle = $cycle and score.basis = $basis and score.score_exact is not null
)
select * from final
order by code;
