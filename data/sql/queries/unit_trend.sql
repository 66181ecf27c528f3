-- one row per cycle in whose register the unit stands, and basis
with final as (
    select
        score.basis, score.cycle, score.unit as code, unit.name, score.region, score.category, category.name as category_name,
        score.state, score.score, score.score_exact, score.rank, score.peers, score.grade, grade.name as grade_name,
        cycle.scheme_id || ' ' || cycle.version as scheme,
        score.base, score.deductions, score.veto, score.bonus, score.clipped
    from result_unit_score as score
    join unit on unit.cycle = score.cycle and unit.unit = score.unit
    join cycle on cycle.cycle = score.cycle
    left join cycle_category as category
        on category.cycle = score.cycle
        and category.category = score.category
    left join cycle_grade as grade
        on grade.cycle = score.cycle
        and grade.grade = score.grade
    where score.unit = $unit
)
select * from final
order by basis, cycle;
