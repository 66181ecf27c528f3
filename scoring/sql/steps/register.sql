-- one row per registered unit, with its profile and its newest workbook, if it has handed in
select
    unit.cycle, unit.unit, unit.region::region_name as region, unit.category::category_name as category,
    category.weight as category_weight, profile.profile, current_submission.submission, current_submission.is_late
from unit
join cycle_category as category using (cycle, category)
join profile using (category, tags)
left join current_submission using (cycle, unit)
where unit.cycle = $cycle;
