-- one row per cycle, region and basis: R = Σ c·F / Σ c over the units registered in the region or below; units that
-- have not handed in count 0 or not at all, as the scheme says. 100 − score = gaps + missing + deductions + veto −
-- bonus − clipped. low_missing/high_missing: those not handed in at 0 and at 100; low/high: unverified values too.
-- grade: the province's own; else the next to the best for those beyond the ceiling of the best one among the ranked
-- regions of the level (ties at the cut keep it); else by the score. grade_reason says which: manual, ceiling, score
create or replace view region_score as
with member as (
    select
        region_member.ancestor as region, unit_score.*, cycle_rule.missing as missing_rule,
        cycle_rule.decimals,
        unit_score.state = 'not_submitted' as is_missing,
        unit_score.score_exact is not null as has_score
    from shown_unit_score as unit_score
    join region_member on region_member.region = unit_score.region
    join cycle_rule
        on cycle_rule.cycle = unit_score.cycle
),
summed as (
    select
        cycle, region, basis, decimals,
        count(*) as registered,
        count(*) filter (not is_missing) as submitted,
        count(*) filter (not is_missing and not is_late) as on_time,
        count(*) filter (has_score) as scored,
        sum(category_weight) filter (has_score or (is_missing and missing_rule = 'zero')) as total_weight,
        sum(category_weight) filter (has_score or is_missing) as bound_weight,
        sum(category_weight) filter (has_score) as scored_weight,
        coalesce(sum(category_weight * score_exact), 0) as earned,
        coalesce(sum(category_weight * low), 0) as low,
        coalesce(sum(category_weight * high), 0) as high,
        coalesce(sum(category_weight * 100) filter (is_missing), 0) as missing_full,
        coalesce(sum(category_weight * 100) filter (is_missing and missing_rule = 'zero'), 0) as missing,
        coalesce(sum(category_weight * deductions) filter (has_score), 0) as deductions,
        coalesce(sum(category_weight * bonus) filter (has_score), 0) as bonus,
        coalesce(sum(category_weight * clipped), 0) as clipped,
        coalesce(sum(category_weight * veto), 0) as veto,
        sum(category_weight * verified_share) as verified_share,
        sum(category_weight * self_base) filter (has_score) as self_base,
        sum(category_weight * base) filter (has_score and self_base is not null) as base,
        sum(category_weight) filter (has_score and self_base is not null) as self_weight
    from member
    group by all
),
valued as (
    select
        summed.*, region.level, region.parent,
        -- a region from which nothing came in has no score of its own, though it counts in the region above
        case when scored > 0 then earned / total_weight end as score_exact,
        case when scored > 0 then round_half_up(earned / total_weight, decimals) end as score
    from summed
    join region on region.region = summed.region
),
ranked as (
    select
        cycle, region, basis,
        rank() over (partition by cycle, basis, level_group order by score desc) as rank,
        count(*) over (partition by cycle, basis, level_group) as peers,
        count(*) over (partition by cycle, basis, level_group, score) as tied
    from (select *, case level when 'zone' then 'county' else level end as level_group from valued)
    where scored > 0
),
scale as (
    select
        cycle, min_by(grade, position) as best, min_by(ceiling_county, position) as ceiling_county,
        min_by(ceiling_prefecture, position) as ceiling_prefecture,
        min_by(grade, position) filter (position > 0) as next_grade
    from cycle_grade
    group by cycle
),
graded as (
    select
        valued.*, ranked.rank, ranked.tied, scale.best, scale.next_grade, manual.grade as manual_grade,
        floor(
            ranked.peers * case valued.level
                when 'prefecture' then scale.ceiling_prefecture
                when 'province' then null
                else scale.ceiling_county
            end + 1e-9
        ) as places,
        (
            select min_by(grade, position)
            from cycle_grade
            where cycle_grade.cycle = valued.cycle and valued.score >= cycle_grade.min_score
        ) as grade_by_score
    from valued
    left join scale on scale.cycle = valued.cycle
    left join ranked
        on ranked.cycle = valued.cycle
        and ranked.region = valued.region
        and ranked.basis = valued.basis
    left join (select current_grade.* from current_grade join cycle_grade using (cycle, grade)) as manual
        on manual.cycle = valued.cycle
        and manual.subject = 'region'
        and manual.code = valued.region
        and valued.basis = 'composite'
        and valued.score is not null
),
final as (
    select
        cycle, region, basis, level, parent, registered, submitted, on_time, scored,
        total_weight, score_exact, score,
        low / bound_weight as low, (high + missing_full) / bound_weight as high,
        earned / bound_weight as low_missing, (earned + missing_full) / bound_weight as high_missing,
        verified_share / scored_weight as verified_share,
        self_base / self_weight as self_base, base / self_weight as base,
        missing / total_weight as missing, deductions / total_weight as deductions,
        bonus / total_weight as bonus, clipped / total_weight as clipped, veto / total_weight as veto,
        case
            when manual_grade is not null then manual_grade
            when grade_by_score = best and rank > places then next_grade
            else grade_by_score
        end as grade,
        grade_by_score,
        case
            when grade_by_score is null then null
            when manual_grade is not null then 'manual'
            when grade_by_score = best and rank > places then 'ceiling'
            else 'score'
        end as grade_reason,
        coalesce(grade_by_score = best and rank <= places and rank + tied - 1 > places, false) as is_at_cut,
        rank
    from graded
)
select * from final;
