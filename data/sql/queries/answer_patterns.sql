-- one row per unit of $region and below that handed in: how its own answers look as a whole beside its category over the
-- province (views/answer_pattern.sql)
select
    unit.unit as code, unit.name, unit.region, region.name as region_name, unit.category,
    category.name as category_name, pattern.answers, pattern.graded, pattern.best, pattern.best_share,
    pattern.longest_run, pattern.is_uniform, pattern.peers, pattern.uniform, pattern.median_best, pattern.twins,
    pattern.twin_regions, pattern.alike, pattern.chance, pattern.sheet
from answer_pattern($cycle) as pattern
join unit
    on unit.cycle = pattern.cycle
    and unit.unit = pattern.unit
join region_member as inside on inside.region = unit.region and inside.ancestor = $region
join region on region.region = unit.region
join cycle_category as category
    on category.cycle = unit.cycle
    and category.category = unit.category
order by unit.region, code;
