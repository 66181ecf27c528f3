-- one row per workbook that counts and basis: B = Σ W·S / Σ W over the systems that have an indicator in its unit's set,
-- the same from the unit's own values, and with unverified values at 0 and at full marks
with system_score as (
    select
        sheet_system.submission, bases.basis, bases.weight,
        100 * earned / nullif(points, 0) as score,
        100 * self_earned / nullif(self_points, 0) as self_score,
        100 * verified_earned / nullif(points, 0) as low,
        100 * (verified_earned + points - verified_points) / nullif(points, 0) as high,
        verified_points / nullif(points, 0) as verified_share
    from sheet_system
    join bases using (system)
),
final as (
    select
        submission, basis,
        sum(weight * score) / sum(weight) filter (score is not null) as base,
        sum(weight * self_score) / sum(weight) filter (self_score is not null) as self_base,
        sum(weight * low) / sum(weight) filter (score is not null) as low_base,
        sum(weight * high) / sum(weight) filter (score is not null) as high_base,
        sum(weight * verified_share) / sum(weight) filter (score is not null) as verified_share
    from system_score
    group by all
)
select * from final;
