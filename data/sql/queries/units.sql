-- one row per registered unit of the region, or of all, and basis (all of them, where none is named); by category and rank.
-- what the scheme names comes as ids ($categories in its order), what few units have is not here: data/queries/unit_rows.py
-- puts both to the rows
with final as (
    select
        score.basis, unit.unit as code, unit.name, unit.region, unit.category, unit.tags, score.state,
        score.score, score.score_exact, score.grade, score.grade_by_score, score.grade_reason, score.is_at_cut,
        score.rank, score.peers,
        round_half_up(score.self_base, $decimals) as self_score,
        score.self_base - score.base as self_inflation, score.na_share, score.verified_share, score.is_late,
        score.has_veto, submission.received_at as submitted_at,
        list_position($categories, unit.category) as position
    from unit
    join result_unit_score as score
        on score.cycle = unit.cycle
        and score.unit = unit.unit
        and ($basis is null or score.basis = $basis)
    left join current_submission as submission
        on submission.cycle = unit.cycle
        and submission.unit = unit.unit
    where unit.cycle = $cycle
        and ($units is null or among(unit.unit, $units))
        and ($category is null or unit.category = $category)
        and ($region is null or unit.region in (select region from region_member where ancestor = $region))
)
select * exclude (position) from final
where position is not null
order by position, rank nulls last, score desc nulls last, code;
