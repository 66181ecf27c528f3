-- one row per region that units are registered in, category, basis and indicator (by position): Σ c·ω and Σ c·100·ω·(1 − x) over its
-- submitted units, and how many of them have the indicator and fall short of full marks. What is the same for a class of
-- units is multiplied once: ω is the sum over systems of p·λ · W / Σ W / Σ p·λ, the same for all of one profile from whose
-- set the same indicators have left
with grouped as (
    select
        class, region, category, category_weight, profile, gone, count(*) as units, min(submission) as example
    from sheet
    group by all
),
class as (
    select
        *, min(class) over (partition by region, category) as leaf, min(class) over (partition by profile, gone) as asked_as
    from grouped
),
counting as (
    select class.class as asked_as, class.profile, class.gone, bases.basis, bases.system, bases.weight, sheet_system.points
    from class
    join sheet_system on sheet_system.submission = class.example
    join bases using (system)
    where class.class = class.asked_as and sheet_system.points > 0
),
weight_total as (
    select asked_as, basis, sum(weight) as weight from counting group by all
),
omega as (
    select
        asked_as, counting.basis, weighed.position,
        sum(weighed.points * (counting.weight / weight_total.weight / counting.points)) as omega
    from counting
    join weight_total using (asked_as, basis)
    join weighed using (system)
    join asked_of on asked_of.profile = counting.profile and asked_of.position = weighed.position
    where not list_contains(counting.gone, asked_of.indicator)
    group by all
),
correction as (
    select
        class, position, sum(coalesce(x, 0) - coalesce(own_x, 0)) as x,
        count(*) filter (x >= 1) - count(*) filter (own_x >= 1) as full_marks
    from corrected
    group by all
),
valued as (
    select
        class.leaf, class.asked_as, asked_of.position, class.units, class.category_weight,
        without_noise(class.units - coalesce(class_earned.x, 0) - coalesce(correction.x, 0)) as short,
        class.units - coalesce(class_earned.full_marks, 0) - coalesce(correction.full_marks, 0) as units_short
    from class
    join asked_of using (profile)
    left join tallied as class_earned
        on class_earned.class = class.class
        and class_earned.position = asked_of.position
    left join correction
        on correction.class = class.class
        and correction.position = asked_of.position
),
summed as (
    select
        valued.leaf, omega.basis, valued.position,
        sum(valued.units * valued.category_weight * omega.omega) as weight,
        sum(valued.short * valued.category_weight * omega.omega * 100) as lost,
        -- as doubles, for sums of bigint have 128 bits and take three times as long
        sum(valued.units::double)::integer as units, sum(valued.units_short::double)::integer as units_short
    from valued
    join omega using (asked_as, position)
    group by all
),
final as (
    select class.region, class.category, summed.basis, summed.position, summed.weight, summed.lost, summed.units, summed.units_short
    from summed
    join class on class.class = summed.leaf
)
select * from final;
