-- one row per cycle and region of the level (counties include the management zones) that has registered units
with shown as (
    select
        region.region, region.name, region.level, region.parent, up.name as parent_name
    from region
    left join region as up on up.region = region.parent
    where ($region is null or region.region = $region)
        and ($level is null or case region.level when 'zone' then 'county' else region.level end = $level)
        and ($parent is null or region.parent = $parent)
),
final as (
    select
        score.cycle, shown.region as code, shown.name, shown.level, shown.parent, shown.parent_name,
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
    where score.basis = $basis
)
select * from final
order by cycle, code;
