-- one row per workbook that counts and system with an indicator in its unit's set: points Σ p·λ and what was earned of
-- them, Σ p·λ·x; the same for the unit's own values, and for the part an evaluator has verified
with gone as (
    select
        submission, system,
        count(*) filter (is_gone) as indicators, sum(points) filter (is_gone) as points,
        count(*) filter (is_gone_itself) as self_indicators, sum(points) filter (is_gone_itself) as self_points
    from claimed_na
    join weighed using (indicator)
    group by all
),
earned as (
    select submission, system, case when is_second then second_earned else first_earned end as earned
    from tallied
    join system_pair using (pair)
),
final as (
    select
        sheet.submission, asked.system,
        -- exactly 0 where all have left, which a difference need not be
        case
            when gone.indicators = asked.indicators then 0
            else without_noise(asked.points - coalesce(gone.points, 0))
        end as points,
        without_noise(
            coalesce(earned.earned, 0) - coalesce(verified.self_earned, 0) + coalesce(verified.earned, 0)
        ) as earned,
        case
            when gone.self_indicators = asked.indicators then 0
            else without_noise(asked.points - coalesce(gone.self_points, 0))
        end as self_points,
        without_noise(coalesce(earned.earned, 0)) as self_earned,
        without_noise(coalesce(verified.points, 0)) as verified_points,
        without_noise(coalesce(verified.earned, 0)) as verified_earned
    from sheet
    join profile_system as asked using (profile)
    left join earned
        on earned.submission = sheet.submission
        and earned.system = asked.system
    left join verified
        on verified.submission = sheet.submission
        and verified.system = asked.system
    left join gone
        on gone.submission = sheet.submission
        and gone.system = asked.system
)
select * from final;
