-- one row per registered unit, with its profile and its newest workbook, if it has handed in
select
    category.cycle, unit.unit, unit.region, unit.category, category.weight as category_weight, profile.profile,
    current_submission.submission, current_submission.is_late
from unit
join profile using (category, tags)
join cycle_category as category
    on category.cycle = $cycle
    and category.category = unit.category
left join current_submission
    on current_submission.cycle = $cycle
    and current_submission.unit = unit.unit
where unit.cycle = $cycle;
