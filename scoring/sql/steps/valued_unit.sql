-- one row per registered unit and basis: its score, before it is placed among the others
--   F = min(clip(B − D + min(E, bonus cap), 0, 100), veto cap where a veto stands); 100 − F =
--   (100 − base) + deductions + veto − bonus − clipped
--   state: scored, not_comparable (too few applicable points), no_duty (nothing applicable left), not_submitted
with asked_points as (
    select profile, sum(points) as points from asked_of group by profile
),
gone as (
    select submission, sum(asked.points) as points
    from claimed_na
    join asked using (indicator)
    where is_gone
    group by submission
),
registered as (
    select
        register.*, coalesce(unit_adjustment.deductions, 0) as deductions,
        least(coalesce(unit_adjustment.bonus, 0), rules.bonus_cap) as bonus,
        coalesce(unit_adjustment.has_veto, false) as has_veto,
        case when register.submission is not null then coalesce(gone.points, 0) / asked_points.points end as na_share,
        rules.veto_cap, rules.na_floor, rules.decimals
    from register
    cross join rules
    left join asked_points using (profile)
    left join gone using (submission)
    left join unit_adjustment using (unit)
),
adjusted as (
    select
        registered.*, basis.basis, sheet_base.* exclude (submission, basis),
        case when has_veto then veto_cap else 100 end as cap
    from registered
    cross join (select distinct basis from bases) as basis
    left join sheet_base
        on sheet_base.submission = registered.submission
        and sheet_base.basis = basis.basis
),
clipped as (
    select
        *,
        clip_between(base - deductions + bonus, 0, 100) as clip,
        clip_between(low_base - deductions + bonus, 0, 100) as low_clip,
        clip_between(high_base - deductions + bonus, 0, 100) as high_clip
    from adjusted
),
final as (
    select
        cycle, unit, basis, region, category, category_weight,
        case
            when submission is null then 'not_submitted'::unit_state
            when base is null then 'no_duty'::unit_state
            when 1 - na_share < na_floor then 'not_comparable'::unit_state
            else 'scored'::unit_state
        end as state,
        submission, is_late, na_share, base, self_base, verified_share, deductions, bonus,
        clip - (base - deductions + bonus) as clipped,
        clip - clip_between(clip, 0, cap) as veto,
        has_veto,
        clip_between(clip, 0, cap) as score_exact,
        round_half_up(clip_between(clip, 0, cap), decimals) as score,
        clip_between(low_clip, 0, cap) as low,
        clip_between(high_clip, 0, cap) as high
    from clipped
)
select * from final;
