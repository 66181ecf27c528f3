-- one row per cycle, region, basis and grade (or not_submitted, no_duty): how many of its units have it
create or replace view region_grade as
with final as (
    select
        score.cycle, region_member.ancestor as region, score.basis,
        case when score.state in ('not_submitted', 'no_duty') then score.state else score.grade end as grade,
        count(*) as units
    from shown_unit_score as score
    join region_member on region_member.region = score.region
    group by all
)
select * from final;
