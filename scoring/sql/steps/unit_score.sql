-- one row per registered unit and basis (valued_unit)
--   grade_by_score: what the thresholds give for the score. grade: the lowest where a veto stands; else the province's own;
--   else the next to the best for those beyond the ceiling of the best one. grade_reason: which of these decided: veto,
--   manual, ceiling, score
with manual as (
    select code as unit, grade
    from current_grade
    join grades using (grade)
    where cycle = $cycle and subject = 'unit'
),
placed as (
    select
        unit.*, grade_by_score, next_grade, lowest,
        case when unit.basis = 'composite' and unit.score is not null and not unit.has_veto then manual.grade end as manual_grade,
        state = 'scored' and not has_veto and is_beyond as is_beyond,
        state = 'scored' and not has_veto and coalesce(is_at_cut, false) as is_at_cut,
        case when state = 'scored' then place.rank end as rank,
        case when state = 'scored' then place.peers end as peers,
        min_group
    from valued_unit as unit
    left join unit_place as place
        on place.basis = unit.basis
        and place.category = unit.category
        and place.score = unit.score
    left join manual on manual.unit = unit.unit
),
final as (
    select
        * exclude (manual_grade, next_grade, lowest, is_beyond, min_group, rank, peers, grade_by_score, is_at_cut),
        case
            when score is not null and has_veto then lowest
            when manual_grade is not null then manual_grade
            when is_beyond then next_grade
            else grade_by_score
        end as grade,
        grade_by_score,
        case
            when grade_by_score is null then null
            when has_veto then 'veto'
            when manual_grade is not null then 'manual'
            when is_beyond then 'ceiling'
            else 'score'
        end as grade_reason,
        is_at_cut,
        case when peers >= min_group then rank end as rank,
        peers
    from placed
)
select * from final;
