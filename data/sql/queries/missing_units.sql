-- one row per registered unit of the region from which nothing was accepted; was_refused: it tried
select
    unit.unit as code, unit.name, unit.region, region.name as region_name, region.path as region_path,
    category.name as category_name,
    exists (
        select 1 from receipt
        where receipt.cycle = unit.cycle and receipt.unit = unit.unit and receipt.status = 'refused'
    ) as was_refused
from unit
join region on region.region = unit.region
join region_member on region_member.region = unit.region and region_member.ancestor = $region
join cycle_category as category
    on category.cycle = unit.cycle
    and category.category = unit.category
left join current_submission as submission
    on submission.cycle = unit.cycle
    and submission.unit = unit.unit
where unit.cycle = $cycle and submission.submission is null
order by unit.region, category.position, unit.unit;
