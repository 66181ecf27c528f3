-- one row per basis, region and grade, 未提交 last; units and their share of the registered
with listed as (
    select distinct cycle_basis.basis, region.region, region.name
    from cycle_basis
    cross join region
    where cycle_basis.cycle = $cycle
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
        listed.basis, listed.region as code, listed.name, grades.grade, grades.name as grade_name, grades.position,
        coalesce(counted.units, 0) as units,
        coalesce(counted.units, 0) / nullif(sum(counted.units) over (partition by listed.basis, listed.region), 0) as share
    from listed
    cross join grades
    left join region_grade as counted
        on counted.region = listed.region
        and counted.grade = grades.grade
        and counted.cycle = $cycle
        and counted.basis = listed.basis
)
select basis, code, name, grade, grade_name, units, share
from final
where grade <> 'no_duty' or units > 0
order by basis, code, position;
