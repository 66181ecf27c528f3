-- one row per region and basis: R = Σ c·F / Σ c over the units registered in the region or below; units that
-- have not handed in count 0 or not at all, as the scheme says. 100 − score = gaps + missing + deductions + veto −
-- bonus − clipped. low_missing/high_missing: those not handed in at 0 and at 100; low/high: unverified values too.
-- grade: the province's own; else the next to the best for those beyond the ceiling of the best one among the ranked
-- regions of the level (ties at the cut keep it); else by the score. grade_reason says which: manual, ceiling, score
with summed as (
    select
        region_sum.* exclude (earned, low, high, missing_full, deductions, bonus, clipped, veto),
        coalesce(earned, 0) as earned, coalesce(low, 0) as low, coalesce(high, 0) as high,
        coalesce(missing_full, 0) as missing_full, coalesce(deductions, 0) as deductions,
        coalesce(bonus, 0) as bonus, coalesce(clipped, 0) as clipped, coalesce(veto, 0) as veto,
        case rules.missing when 'zero' then bound_weight else scored_weight end as total_weight,
        case rules.missing when 'zero' then coalesce(missing_full, 0) else 0 end as missing,
        rules.decimals
    from region_sum
    cross join rules
),
valued as (
    select
        summed.*, region.level, region.parent, case region.level when 'zone' then 'county' else region.level end as peers_level,
        -- a region from which nothing came in has no score of its own, though it counts in the region above
        case when scored > 0 then earned / total_weight end as score_exact,
        case when scored > 0 then round_half_up(earned / total_weight, decimals) end as score
    from summed
    join region using (region)
),
ranked as (
    select
        *,
        case when score is not null then rank() over (same_level order by score desc nulls last) end as rank,
        count(score) over same_level as peers,
        count(score) over (same_level order by score desc nulls last) as as_good -- it and its equals among them
    from valued
    window same_level as (partition by basis, peers_level)
),
scale as (
    select
        min_by(grade, position) as best, min_by(ceiling_county, position) as ceiling_county,
        min_by(ceiling_prefecture, position) as ceiling_prefecture,
        min_by(grade, position) filter (position > 0) as next_grade
    from grades
),
manual as (
    select code as region, grade
    from current_grade
    join grades using (grade)
    where cycle = $cycle and subject = 'region'
),
graded as (
    select
        ranked.*, scale.best, scale.next_grade,
        case when ranked.basis = 'composite' and ranked.score is not null then manual.grade end as manual_grade,
        floor(
            peers * case level
                when 'prefecture' then scale.ceiling_prefecture
                when 'province' then null
                else scale.ceiling_county
            end + 1e-9
        ) as places,
        (
            select min_by(grade, position)
            from grades
            where ranked.score >= grades.min_score
        ) as grade_by_score
    from ranked
    cross join scale
    left join manual on manual.region = ranked.region
),
final as (
    select
        $cycle as cycle, region, basis, level, parent, registered, submitted, on_time, scored,
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
        coalesce(grade_by_score = best and rank <= places and as_good > places, false) as is_at_cut,
        rank
    from graded
)
select * from final;
