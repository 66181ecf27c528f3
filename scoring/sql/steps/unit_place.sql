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
peers as (
    select basis, category, sum(scored) as peers, sum(contending) as contenders
    from counted
    group by all
),
-- one pass down all scores, less those of the groups before: a window of each group by itself takes twice as long
before as (
    select
        basis, category, peers,
        sum(peers) over earlier - peers as peers_before, sum(contenders) over earlier - contenders as contenders_before
    from peers
    window earlier as (order by basis, category rows unbounded preceding)
),
passed as (
    select *, sum(scored) over passed - scored as scored_passed, sum(contending) over passed - contending as contending_passed
    from counted
    window passed as (order by basis, category, score desc rows unbounded preceding)
),
above as (
    select
        passed.* exclude (scored_passed, contending_passed), peers,
        scored_passed - peers_before as higher, contending_passed - contenders_before as contending_higher
    from passed
    join before using (basis, category)
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
