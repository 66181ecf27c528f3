-- one row per basis, region and category with units of the region, in the scheme's order: how many, how many of them have handed in, how many
-- have a score, its range
with final as (
    select
        score.basis, region_member.ancestor as region, category.position, score.category, category.name as category_name, count(*) as units,
        count(score.submission) as submitted, count(score.score) as scored, min(score.score) as low, max(score.score) as high
    from result_unit_score as score
    join cycle_category as category
        on category.cycle = score.cycle
        and category.category = score.category
    join region_member on region_member.region = score.region
    where score.cycle = $cycle
    group by all
)
select * exclude (position) from final
order by basis, region, position;
