-- one row per region that units are registered in, category, basis and indicator: Σ c·ω and Σ c·100·ω·(1 − x) over its
-- submitted units, and how many of them have the indicator and fall short of full marks. What is the same for a class of
-- units is multiplied once: ω is the sum over systems of p·λ · W / Σ W / Σ p·λ
with class as (
    select class, region, category, category_weight, profile, gone, count(*) as units, min(submission) as example
    from sheet
    group by all
),
counting as (
    select class.class, cycle_basis.basis, cycle_basis.system, cycle_basis.weight, sheet_system.points
    from class
    join sheet_system on sheet_system.submission = class.example
    join cycle_basis using (system)
    where cycle_basis.cycle = $cycle and sheet_system.points > 0
),
weight_total as (
    select class, basis, sum(weight) as weight from counting group by all
),
weight_of as (
    select
        class, basis, system, class.region, class.category,
        class.category_weight * counting.weight / weight_total.weight / counting.points as weight
    from counting
    join weight_total using (class, basis)
    join class using (class)
),
blank_value as (
    select sheet.class, ruled.indicator, sum(ruled.x) as x, count(*) filter (ruled.x >= 1) as full_marks
    from blank
    join ruled using (submission, indicator)
    join sheet using (submission)
    group by all
),
valued as (
    select
        class.class, asked_of.indicator, weighed.system, weighed.points, class.units,
        class.units - coalesce(earned.x, 0) - coalesce(blank_value.x, 0) as short,
        class.units - coalesce(earned.full_marks, 0) - coalesce(blank_value.full_marks, 0) as units_short
    from class
    join asked_of using (profile)
    join weighed using (indicator)
    left join earned
        on earned.class = class.class
        and earned.indicator = asked_of.indicator
        and earned.system = weighed.system
    left join blank_value
        on blank_value.class = class.class
        and blank_value.indicator = asked_of.indicator
    where not list_contains(class.gone, asked_of.indicator)
),
summed as (
    select
        weight_of.region, weight_of.category, weight_of.basis, weight_of.system, valued.indicator,
        sum(valued.units * valued.points * weight_of.weight) as weight,
        sum(valued.short * valued.points * weight_of.weight * 100) as lost,
        sum(valued.units) as units,
        sum(valued.units_short) as units_short
    from valued
    join weight_of using (class, system)
    group by all
),
final as (
    select
        $cycle as cycle, region, category, basis, indicator,
        sum(weight) as weight, sum(lost) as lost, max(units) as units, max(units_short) as units_short
    from summed
    group by all
)
select * from final;
