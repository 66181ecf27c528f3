-- one row per region that units are registered in, category, basis and indicator: Σ c·ω and Σ c·100·ω·(1 − x) over its
-- submitted units, and how many of them have the indicator and fall short of full marks. What is the same for a class of
-- units is multiplied once: ω is the sum over systems of p·λ · W / Σ W / Σ p·λ
with grouped as (
    select
        class, region, category, category_weight, profile, gone, count(*) as units, min(submission) as example
    from sheet
    group by all
),
class as (
    select *, min(class) over (partition by region, category) as leaf from grouped
),
counting as (
    select class.class, bases.basis, bases.system, bases.weight, sheet_system.points
    from class
    join sheet_system on sheet_system.submission = class.example
    join bases using (system)
    where sheet_system.points > 0
),
weight_total as (
    select class, basis, sum(weight) as weight from counting group by all
),
weight_of as (
    select
        class, basis, system, class.leaf,
        class.category_weight * counting.weight / weight_total.weight / counting.points as weight
    from counting
    join weight_total using (class, basis)
    join class using (class)
),
-- an indicator with a share in several systems of a basis is counted once for each
system_count as (
    select weighed.position, bases.basis, count(*) as systems
    from weighed
    join bases using (system)
    group by all
),
blank_earned as (
    select sheet.class, ruled.indicator, sum(ruled.x) as x, count(*) filter (ruled.x >= 1) as full_marks
    from blank
    join ruled using (submission, indicator)
    join sheet using (submission)
    group by all
),
valued as (
    select
        class.class, asked_of.position, class.units,
        class.units - coalesce(class_earned.x, 0) - coalesce(blank_earned.x, 0) as short,
        class.units - coalesce(class_earned.full_marks, 0) - coalesce(blank_earned.full_marks, 0) as units_short
    from class
    join asked_of using (profile)
    left join class_earned
        on class_earned.class = class.class
        and class_earned.position = asked_of.position
    left join blank_earned
        on blank_earned.class = class.class
        and blank_earned.indicator = asked_of.indicator
    where not list_contains(class.gone, asked_of.indicator)
),
summed as (
    select
        weight_of.leaf, weight_of.basis, valued.position,
        sum(valued.units * weighed.points * weight_of.weight) as weight,
        sum(valued.short * weighed.points * weight_of.weight * 100) as lost,
        sum(valued.units)::bigint as units, sum(valued.units_short)::bigint as units_short
    from valued
    join weighed using (position)
    join weight_of using (class, system)
    group by all
),
final as (
    select
        $cycle as cycle, class.region, class.category, summed.basis, asked.indicator,
        summed.weight, summed.lost, summed.units // systems as units, summed.units_short // systems as units_short
    from summed
    join system_count using (position, basis)
    join class on class.class = summed.leaf
    join asked using (position)
)
select * from final;
