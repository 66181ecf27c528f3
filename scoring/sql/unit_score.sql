-- one row per cycle, registered unit and basis
--   F = min(clip(B − D + min(E, bonus cap), 0, 100), veto cap where a veto stands); 100 − F =
--   (100 − base) + deductions + veto − bonus − clipped
--   state: scored, not_comparable (too few applicable points), no_duty (nothing applicable left), not_submitted
create or replace view unit_score as
with registered as (
    select unit.*, scheme_basis.basis, cycle.scheme_id, cycle.version, category.weight as category_weight
    from unit
    join cycle on cycle.cycle = unit.cycle
    join (select distinct scheme_id, version, basis from scheme_basis) as scheme_basis
        on scheme_basis.scheme_id = cycle.scheme_id
        and scheme_basis.version = cycle.version
    join scheme_category as category
        on category.scheme_id = cycle.scheme_id
        and category.version = cycle.version
        and category.category = unit.category
),
not_applicable as (
    select cycle, unit, coalesce(sum(points) filter (x is null), 0) / sum(points) as na_share
    from result_counted_value as counted_value
    group by all
),
adjusted as (
    select
        registered.*, current_submission.submission, current_submission.is_late, not_applicable.na_share,
        unit_base.base, unit_base.self_base, unit_base.verified_share,
        coalesce(unit_adjustment.deductions, 0) as deductions,
        least(coalesce(unit_adjustment.bonus, 0), scheme_rule.bonus_cap) as bonus,
        coalesce(unit_adjustment.has_veto, false) as has_veto,
        unit_base.low_base, unit_base.high_base, scheme_rule.veto_cap, scheme_rule.na_floor, scheme_rule.decimals
    from registered
    join scheme_rule
        on scheme_rule.scheme_id = registered.scheme_id
        and scheme_rule.version = registered.version
    left join current_submission
        on current_submission.cycle = registered.cycle
        and current_submission.unit = registered.unit
    left join not_applicable
        on not_applicable.cycle = registered.cycle
        and not_applicable.unit = registered.unit
    left join unit_base
        on unit_base.cycle = registered.cycle
        and unit_base.unit = registered.unit
        and unit_base.basis = registered.basis
    left join unit_adjustment
        on unit_adjustment.cycle = registered.cycle
        and unit_adjustment.unit = registered.unit
),
capped as (
    select
        *,
        clip_between(base - deductions + bonus, 0, 100) as clip,
        clip_between(low_base - deductions + bonus, 0, 100) as low_clip,
        clip_between(high_base - deductions + bonus, 0, 100) as high_clip,
        case when has_veto then veto_cap else 100 end as cap
    from adjusted
),
valued as (
    select
        *,
        case
            when submission is null then 'not_submitted'
            when base is null then 'no_duty'
            when 1 - na_share < na_floor then 'not_comparable'
            else 'scored'
        end as state,
        clip - (base - deductions + bonus) as clipped,
        clip - clip_between(clip, 0, cap) as veto,
        clip_between(clip, 0, cap) as score_exact,
        round_half_up(clip_between(clip, 0, cap), decimals) as score,
        clip_between(low_clip, 0, cap) as low,
        clip_between(high_clip, 0, cap) as high
    from capped
),
graded as (
    select
        valued.*,
        (
            select arg_min(grade, position)
            from scheme_grade
            where scheme_grade.scheme_id = valued.scheme_id
                and scheme_grade.version = valued.version
                and valued.score >= scheme_grade.min_score
                and (not valued.has_veto or scheme_grade.min_score = 0)
        ) as grade
    from valued
),
ranked as (
    select
        cycle, unit, basis,
        rank() over (partition by cycle, basis, category order by score desc) as rank,
        count(*) over (partition by cycle, basis, category) as peers
    from valued
    where state = 'scored'
),
final as (
    select
        graded.cycle, graded.unit, graded.basis, graded.region, graded.category, graded.category_weight,
        graded.state, graded.submission, graded.is_late, graded.na_share, graded.base, graded.self_base,
        graded.verified_share, graded.deductions, graded.bonus, graded.clipped, graded.veto, graded.has_veto,
        graded.score_exact, graded.score, graded.low, graded.high, graded.grade,
        case when ranked.peers >= scheme_rule.min_group then ranked.rank end as rank,
        ranked.peers
    from graded
    join scheme_rule
        on scheme_rule.scheme_id = graded.scheme_id
        and scheme_rule.version = graded.version
    left join ranked
        on ranked.cycle = graded.cycle
        and ranked.unit = graded.unit
        and ranked.basis = graded.basis
)
select * from final;
