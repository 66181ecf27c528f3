-- one row per basis and region, by basis, ranked ones first, in rank order; row_level: counties include the management zones
with bases as (
    select distinct basis
    from cycle_basis
    where cycle = $cycle
),
listed as (
    select
        bases.basis, region.region, region.name, region.level, region.parent, up.name as parent_name,
        case region.level when 'zone' then 'county' else region.level end as row_level
    from region
    cross join bases
    left join region as up on up.region = region.parent
),
grades as (
    select grade, name
    from cycle_grade
    where cycle = $cycle
),
decimals as (
    select decimals
    from cycle_rule
    where cycle = $cycle
),
final as (
    select
        listed.basis, listed.row_level, listed.region as code, listed.name, listed.level, listed.parent, listed.parent_name,
        coalesce(score.registered, 0) as registered, coalesce(score.submitted, 0) as submitted,
        coalesce(score.on_time, 0) as on_time, coalesce(score.scored, 0) as scored,
        score.submitted / score.registered as submission_rate, score.on_time / score.registered as on_time_rate,
        score.score, score.score_exact, score.rank, score.grade, grades.name as grade_name,
        score.grade_by_score, by_score.name as by_score_name, score.grade_reason, score.is_at_cut,
        case
            when score.grade_reason = 'veto' then '一票否决'
            when score.grade_reason = 'manual' then '省级另定'
            when score.grade_reason = 'ceiling' then '超出比例上限'
            when score.is_at_cut then '末位并列'
            when score.grade_reason = 'score' then '按得分'
        end as reason_name,
        case when score.grade_reason = 'manual' then manual.reason end as grade_note,
        case when score.grade_reason = 'manual' then manual.document end as grade_document,
        score.low, score.high, score.low_missing, score.high_missing, score.verified_share,
        round_half_up(score.self_base, decimals.decimals) as self_score,
        score.self_base - score.base as self_inflation,
        score.missing, score.deductions, score.veto, score.bonus, score.clipped
    from listed
    cross join decimals
    left join result_region_score as score
        on score.region = listed.region
        and score.cycle = $cycle
        and score.basis = listed.basis
    left join grades on grades.grade = score.grade
    left join grades as by_score on by_score.grade = score.grade_by_score
    left join current_grade as manual
        on manual.cycle = $cycle
        and manual.subject = 'region'
        and manual.code = listed.region
)
select * from final
order by basis, rank nulls last, code;
