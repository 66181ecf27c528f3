-- one row per region and category with a submitted unit (category all: together), as the scope holds
-- them: submitted and verified units, and of the verified ones mean self-inflation, quartiles and verified share
select
    case region.level when 'zone' then 'county' else region.level end as row_level, region.region as code, region.name,
    region.parent, parent.name as parent_name, coalesce(inflation.category, 'all') as category,
    coalesce(category.name, '全部类别') as category_name, category.position, inflation.submitted, inflation.verified,
    inflation.inflation, inflation.low, inflation.median, inflation.high, inflation.verified_share
from region_inflation as inflation
join region on region.region = inflation.region
left join region as parent on parent.region = region.parent
left join cycle_category as category
    on category.cycle = inflation.cycle
    and category.category = inflation.category
where inflation.cycle = $cycle and inflation.basis = $basis
order by code, category.position nulls first;
