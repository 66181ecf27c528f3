-- one row per registered unit of the region, or of all: its names
with final as (
    select
        unit.unit as code, unit.name, unit.region, region.name as region_name, unit.category,
        category.name as category_name
    from unit
    join region on region.region = unit.region
    join cycle_category as category
        on category.cycle = unit.cycle
        and category.category = unit.category
    where unit.cycle = $cycle
        and ($category is null or unit.category = $category)
        and ($region is null or unit.region in (select region from region_member where ancestor = $region))
)
select * from final
order by code;
