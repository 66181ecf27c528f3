-- one row per basis, category and score that a unit has: its rank among the scored, how many these are, the grade that the
-- thresholds give, and for those who may have the best grade (no veto), place and number of places under its ceiling,
-- which goes down their scores; a category under min_group has no ceiling
with counted as (
    select
        basis, category, score,
        count(*) filter (state = 'scored') as scored,
        count(*) filter (state = 'scored' and not has_veto) as contending
    from valued_unit
    where score is not null
    group by all
),
above as (
    select
        *,
        sum(scored) over higher - scored as higher,
        sum(contending) over higher - contending as contending_higher,
        sum(scored) over (partition by basis, category) as peers
    from counted
    window higher as (partition by basis, category order by score desc)
),
scale as (
    select
        min_by(grade, position) as best, min_by(ceiling_unit, position) as ceiling,
        min_by(grade, position) filter (position > 0) as next_grade, max_by(grade, position) as lowest
    from grades
),
graded as (
    select
        above.*, scale.*, min_group,
        (
            select min_by(grade, position)
            from grades
            where above.score >= grades.min_score
        ) as grade_by_score,
        case when peers >= min_group then floor(ceiling * peers + 1e-9) end as places
    from above
    cross join scale
    cross join (select min_group from rules)
),
final as (
    select
        basis, category, score, (1 + higher)::bigint as rank, peers::bigint as peers, min_group, next_grade, lowest,
        grade_by_score,
        coalesce(grade_by_score = best and 1 + contending_higher > places, false) as is_beyond,
        coalesce(
            grade_by_score = best and 1 + contending_higher <= places and contending_higher + contending > places,
            false
        ) as is_at_cut
    from graded
)
select * from final;
