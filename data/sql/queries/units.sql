-- one row per registered unit of the region, or of all, and basis (all of them, where none is named); by category and rank.
-- what the scheme names stands in lists beside its ids ($grades, $grade_names), in its order
with refused as (
    select unit, max(receipt) as receipt
    from receipt
    where cycle = $cycle and status = 'refused' and unit is not null
    group by unit
),
final as (
    select
        score.basis, unit.unit as code, unit.name, unit.region, unit.category,
        list_extract($category_names, list_position($categories, unit.category)) as category_name,
        list_position($categories, unit.category) as position,
        array_to_string(
            [
                list_extract($tag_names::varchar[], list_position($tags::varchar[], tag))
                for tag in ($tags::varchar[]) if list_contains(unit.tags, tag)
            ],
            '、'
        ) as tags,
        case when score.state = 'not_submitted' and refused.receipt is not null then 'refused' else score.state end
            as state,
        case
            when score.state = 'not_submitted' and refused.receipt is not null then '退回'
            when score.state = 'not_submitted' then '未提交'
            when returned.unit is not null then '退回补正'
            when score.state = 'no_duty' then '无适用指标'
            when score.state = 'not_comparable' then '不可比'
            else '已评分'
        end as state_name,
        score.score, score.score_exact, score.grade,
        list_extract($grade_names, list_position($grades, score.grade)) as grade_name,
        score.grade_by_score,
        list_extract($grade_names, list_position($grades, score.grade_by_score)) as by_score_name,
        score.grade_reason, score.is_at_cut,
        case
            when score.grade_reason = 'veto' then '一票否决'
            when score.grade_reason = 'manual' then '省级另定'
            when score.grade_reason = 'ceiling' then '超出比例上限'
            when score.is_at_cut then '末位并列'
            when score.grade_reason = 'score' then '按得分'
        end as reason_name,
        case when score.grade_reason = 'manual' then manual.reason end as grade_note,
        case when score.grade_reason = 'manual' then manual.document end as grade_document,
        score.rank, score.peers,
        round_half_up(score.self_base, $decimals) as self_score,
        score.self_base - score.base as self_inflation, score.na_share, score.verified_share, score.is_late,
        score.has_veto, submission.received_at as submitted_at
    from unit
    join result_unit_score as score
        on score.cycle = unit.cycle
        and score.unit = unit.unit
        and ($basis is null or score.basis = $basis)
    left join current_grade as manual
        on manual.cycle = unit.cycle
        and manual.subject = 'unit'
        and manual.code = unit.unit
    left join refused on refused.unit = unit.unit
    left join current_return as returned
        on returned.cycle = unit.cycle
        and returned.unit = unit.unit
    left join current_submission as submission
        on submission.cycle = unit.cycle
        and submission.unit = unit.unit
    where unit.cycle = $cycle
        and list_contains($categories, unit.category)
        and ($units is null or among(unit.unit, $units))
        and ($category is null or unit.category = $category)
        and ($region is null or unit.region in (select region from region_member where ancestor = $region))
)
select * exclude (position) from final
order by position, rank nulls last, score desc nulls last, code;
