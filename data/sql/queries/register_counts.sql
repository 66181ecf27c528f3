-- one row per prefecture (the province itself for its own units) and category that has units; units of its counties count
with final as (
    select
        coalesce(prefecture.region, region.region) as code,
        coalesce(prefecture.name, region.name) as name,
        category.category, category.name as category_name, category.position,
        count(*) as units
    from unit
    join region on region.region = unit.region
    left join region as prefecture
        on prefecture.region = region.parent
        and prefecture.level = 'prefecture'
    join cycle_category as category
        on category.cycle = unit.cycle
        and category.category = unit.category
    where unit.cycle = $cycle
    group by all
)
select * from final
order by code, position;
