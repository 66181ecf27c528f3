-- one row per region and grade of one basis, 未提交 last; units and their share of the registered
with grades as (
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
        region.region as code, region.name, grades.grade, grades.name as grade_name, grades.position,
        coalesce(counted.units, 0) as units,
        coalesce(counted.units, 0) / nullif(sum(counted.units) over (partition by region.region), 0) as share
    from region
    cross join grades
    left join region_grade as counted
        on counted.region = region.region
        and counted.grade = grades.grade
        and counted.cycle = $cycle
        and counted.basis = $basis
)
select code, name, grade, grade_name, units, share
from final
where grade <> 'no_duty' or units > 0
order by code, position;
