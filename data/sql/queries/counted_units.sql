-- one row per registered unit, by the region it is registered in: what its score is made of besides its answers
with final as (
    select
        score.unit, score.region, score.category, score.state = 'not_submitted' as is_missing, score.deductions,
        score.bonus, score.has_veto
    from result_unit_score as score
    where score.cycle = $cycle and score.basis = 'composite'
)
select * from final
order by region, unit;
