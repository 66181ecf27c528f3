-- one row per registered unit of the region: its composite score, how far its own assessment is from what counts, and what of
-- it stands on which list; is_changed: its grade is another than the score's, or tied at the cut, or set by hand
with final as (
    select
        score.unit as code, score.region, score.state, score.score, score.self_base - score.base as self_inflation,
        score.score is not null and (score.grade_reason is distinct from 'score' or score.is_at_cut) as is_changed,
        submission.unit is not null as has_workbook, score.base is not null as has_terms
    from result_unit_score as score
    left join current_submission as submission
        on submission.cycle = score.cycle
        and submission.unit = score.unit
    where score.cycle = $cycle and score.basis = 'composite'
        and score.region in (select region from region_member where ancestor = $region)
)
select * from final
order by region, code;
