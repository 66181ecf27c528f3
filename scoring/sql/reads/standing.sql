-- one row per registered unit: its entry of the register, what was confirmed of it, and the grade that the province gave it
with manual as (
    select code as unit, grade from current_grade where cycle = $cycle and subject = 'unit'
)
select
    register.unit, region, category, category_weight, profile, coalesce(submission, $none) as submission,
    coalesce(is_late, false) as is_late, coalesce(deductions, 0) as deductions, coalesce(bonus, 0) as bonus,
    coalesce(has_veto, false) as has_veto, manual.grade
from register
left join unit_adjustment on unit_adjustment.unit = register.unit
left join manual on manual.unit = register.unit;
