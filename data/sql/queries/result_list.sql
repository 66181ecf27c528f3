-- one row per registered unit, by region and category: its result as the organisation department takes it over (Art. 18)
with vetoes as (
    select finding.unit, string_agg(distinct cycle_finding.place, '、' order by cycle_finding.place) as places
    from current_finding as finding
    join cycle_finding
        on cycle_finding.cycle = finding.cycle
        and cycle_finding.finding = finding.finding
        and cycle_finding.kind = 'veto'
    where finding.cycle = $cycle
    group by finding.unit
),
final as (
    select
        unit.unit as code, unit.name, region.path as region_path, region.region, category.name as category_name,
        category.position, score.state, score.score, score.rank, score.peers, grade.name as grade_name,
        score.grade_reason, score.deductions, score.bonus, coalesce(vetoes.places, '') as vetoes, score.is_late
    from unit
    join region on region.region = unit.region
    join cycle_category as category
        on category.cycle = unit.cycle
        and category.category = unit.category
    join result_unit_score as score
        on score.cycle = unit.cycle
        and score.unit = unit.unit
        and score.basis = 'composite'
    left join cycle_grade as grade
        on grade.cycle = unit.cycle
        and grade.grade = score.grade
    left join vetoes on vetoes.unit = unit.unit
    where unit.cycle = $cycle
        and unit.region in (select region from region_member where ancestor = $region)
)
select * exclude (position, region) from final
order by region, position, rank nulls last, code;
