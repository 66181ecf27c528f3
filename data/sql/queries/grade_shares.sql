-- one row per region of the level (or the one region) and grade, 未提交 last; units and their share of the registered
with listed as (
    select region.region, region.name
    from region
    where ($region is null or region.region = $region)
        and ($level is null or case region.level when 'zone' then 'county' else region.level end = $level)
        and ($parent is null or region.parent = $parent)
),
grades as (
    select grade, name, position
    from cycle_grade
    where cycle = $cycle
    union all
    select 'no_duty', '无适用指标', 98
    union all
    select 'not_submitted', '未提交', 99
),
final as (
    select
        listed.region as code, listed.name, grades.grade, grades.name as grade_name, grades.position,
        coalesce(counted.units, 0) as units,
        coalesce(counted.units, 0) / nullif(sum(counted.units) over (partition by listed.region), 0) as share
    from listed
    cross join grades
    left join region_grade as counted
        on counted.region = listed.region
        and counted.grade = grades.grade
        and counted.cycle = $cycle
        and counted.basis = $basis
)
select code, name, grade, grade_name, units, share
from final
where grade <> 'no_duty' or units > 0
order by code, position;
