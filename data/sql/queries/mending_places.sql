-- one row per unit of the region and indicator that it falls short in: the points that mending it adds to the unit's base,
-- 100 · ω · (1 − x)
with final as (
    select term.unit as code, term.indicator, term.gap as points
    from unit_term as term
    join result_unit_score as score
        on score.cycle = term.cycle
        and score.unit = term.unit
        and score.basis = term.basis
    join region_member on region_member.region = score.region and region_member.ancestor = $region
    where term.cycle = $cycle and term.basis = $basis and term.x < 1 and term.gap > 0
        and score.cycle = $cycle and score.basis = $basis
)
select * from final;
