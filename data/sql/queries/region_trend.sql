-- one row per basis, cycle and region that has registered units; row_level: counties include the management zones
with shown as (
    select
        region.region, region.name, region.level, region.parent, up.name as parent_name,
        case region.level when 'zone' then 'county' else region.level end as row_level
    from region
    left join region as up on up.region = region.parent
),
final as (
    select
        score.basis, score.cycle, shown.row_level, shown.region as code, shown.name, shown.level, shown.parent, shown.parent_name,
        score.registered, score.submitted, score.submitted / score.registered as submission_rate,
        score.score, score.score_exact, score.rank, score.grade, grade.name as grade_name,
        cycle.scheme_id || ' ' || cycle.version as scheme,
        score.missing, score.deductions, score.veto, score.bonus, score.clipped
    from result_region_score as score
    join shown on shown.region = score.region
    join cycle on cycle.cycle = score.cycle
    left join cycle_grade as grade
        on grade.cycle = score.cycle
        and grade.grade = score.grade
)
select * from final
order by basis, cycle, code;
