-- one row per cycle, registered unit and basis
--   F = min(clip(B − D + min(E, bonus cap), 0, 100), veto cap where a veto stands); 100 − F =
--   (100 − base) + deductions + veto − bonus − clipped
--   state: scored, not_comparable (too few applicable points), no_duty (nothing applicable left), not_submitted
create or replace view unit_score as
with registered as (
    select unit.*, basis.basis, category.weight as category_weight
    from unit
    join (select distinct cycle, basis from cycle_basis) as basis on basis.cycle = unit.cycle
    join cycle_category as category
        on category.cycle = unit.cycle
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
        least(coalesce(unit_adjustment.bonus, 0), cycle_rule.bonus_cap) as bonus,
        coalesce(unit_adjustment.has_veto, false) as has_veto,
        unit_base.low_base, unit_base.high_base, cycle_rule.veto_cap, cycle_rule.na_floor, cycle_rule.decimals
    from registered
    join cycle_rule on cycle_rule.cycle = registered.cycle
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
            from cycle_grade
            where cycle_grade.cycle = valued.cycle
                and valued.score >= cycle_grade.min_score
                and (not valued.has_veto or cycle_grade.min_score = 0)
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
        case when ranked.peers >= cycle_rule.min_group then ranked.rank end as rank,
        ranked.peers
    from graded
    join cycle_rule on cycle_rule.cycle = graded.cycle
    left join ranked
        on ranked.cycle = graded.cycle
        and ranked.unit = graded.unit
        and ranked.basis = graded.basis
)
select * from final;
