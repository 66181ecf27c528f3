-- one row per drawing, unit of $region and below and rule that picked it, the newest drawing first
select
    pick.seq, pick.unit as code, unit.name, unit.region, region.name as region_name, region.path as region_path,
    category.name as category_name, pick.rule, pick.why, draw.recorded_at, draw.role as by_role
from sample_pick as pick
join unit
    on unit.cycle = pick.cycle
    and unit.unit = pick.unit
join region_member as inside on inside.region = unit.region and inside.ancestor = $region
join region on region.region = unit.region
join cycle_category as category
    on category.cycle = unit.cycle
    and category.category = unit.category
left join sample_draw as draw on draw.seq = pick.seq
where pick.cycle = $cycle
order by pick.seq desc, code, pick.rule;
