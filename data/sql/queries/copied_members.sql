-- one row per unit of $region and below whose evidence for $indicator reads as $text (as copied_evidence writes it): the text
-- as typed, and the cell its answer stands in
select
    unit.unit as code, unit.name, region.name as region_name, category.name as category_name,
    answer.evidence, answer.sheet, answer.cell
from copied_evidence as copied
join unit
    on unit.cycle = copied.cycle
    and unit.unit = copied.unit
join region_member as inside on inside.region = unit.region and inside.ancestor = $region
join region on region.region = unit.region
join cycle_category as category
    on category.cycle = unit.cycle
    and category.category = unit.category
join current_submission as submission
    on submission.cycle = copied.cycle
    and submission.unit = copied.unit
join answer
    on answer.submission = submission.submission
    and answer.indicator = copied.indicator
where copied.cycle = $cycle and copied.indicator = $indicator and copied.text = $text
order by unit.region, code;
