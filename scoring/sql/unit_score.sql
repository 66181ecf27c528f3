-- one row per cycle, registered unit and basis
--   F = min(clip(B − D + min(E, bonus cap), 0, 100), veto cap where a veto stands); 100 − F =
--   (100 − base) + deductions + veto − bonus − clipped
--   grade_by_score: what the thresholds give for the score. grade: the lowest where a veto stands; else the province's own;
--   else the next to the best for those beyond the ceiling of the best one, which counts places among the category's
--   scored units and goes down the scores of those who may have it (no veto; ties at the cut keep it; a category under
--   min_group has no ceiling). grade_reason: which of these decided: veto, manual, ceiling, score
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
    from shown_counted_value as counted_value
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
ranked as (
    select
        cycle, unit, basis,
        rank() over (partition by cycle, basis, category order by score desc) as rank,
        count(*) over (partition by cycle, basis, category) as peers
    from valued
    where state = 'scored'
),
scale as (
    select
        cycle, min_by(grade, position) as best, min_by(ceiling_unit, position) as ceiling,
        min_by(grade, position) filter (position > 0) as next_grade, max_by(grade, position) as lowest
    from cycle_grade
    group by cycle
),
graded as (
    select
        valued.*, ranked.rank, ranked.peers, cycle_rule.min_group,
        scale.best, scale.next_grade, scale.lowest,
        (
            select min_by(grade, position)
            from cycle_grade
            where cycle_grade.cycle = valued.cycle and valued.score >= cycle_grade.min_score
        ) as grade_by_score,
        case
            when ranked.peers >= cycle_rule.min_group then floor(scale.ceiling * ranked.peers + 1e-9)
        end as places
    from valued
    join cycle_rule on cycle_rule.cycle = valued.cycle
    left join scale on scale.cycle = valued.cycle
    left join ranked
        on ranked.cycle = valued.cycle
        and ranked.unit = valued.unit
        and ranked.basis = valued.basis
),
contended as (
    select
        cycle, unit, basis, places,
        rank() over (partition by cycle, basis, category order by score desc) as place,
        count(*) over (partition by cycle, basis, category, score) as tied
    from graded
    where places is not null and grade_by_score = best and not has_veto
),
decided as (
    select
        graded.*, manual.grade as manual_grade,
        coalesce(contended.place > contended.places, false) as is_beyond,
        coalesce(
            contended.place <= contended.places and contended.place + contended.tied - 1 > contended.places, false
        ) as is_at_cut
    from graded
    left join contended
        on contended.cycle = graded.cycle
        and contended.unit = graded.unit
        and contended.basis = graded.basis
    left join (select current_grade.* from current_grade join cycle_grade using (cycle, grade)) as manual
        on manual.cycle = graded.cycle
        and manual.subject = 'unit'
        and manual.code = graded.unit
        and graded.basis = 'composite'
        and graded.score is not null
        and not graded.has_veto
),
final as (
    select
        cycle, unit, basis, region, category, category_weight, state, submission, is_late, na_share, base, self_base,
        verified_share, deductions, bonus, clipped, veto, has_veto, score_exact, score, low, high,
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
    from decided
)
select * from final;
