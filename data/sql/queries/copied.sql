-- one row per unit of $region and below and indicator whose evidence stands word for word elsewhere in the province (views/
-- copied_evidence.sql): the text as compared and as typed, the cell its answer stands in, and how many units and regions have it
select
    unit.unit as code, unit.name, unit.region, region.name as region_name, unit.category, category.name as category_name,
    copied.indicator, asked.title, asked.position, copied.text, copied.length, copied.units, copied.regions,
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
join cycle_indicator as asked
    on (asked.cycle, asked.indicator) = (copied.cycle, copied.indicator)
join current_submission as submission
    on submission.cycle = copied.cycle
    and submission.unit = copied.unit
join answer
    on answer.submission = submission.submission
    and answer.indicator = copied.indicator
where copied.cycle = $cycle
order by unit.region, code, asked.position;
