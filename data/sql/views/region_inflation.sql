-- one row per cycle, region with a submitted unit in it or below, category (null: all of them) and basis: submitted units,
-- those of which anything was verified (verified), and of these, where they are as many as the scheme's min_group, the mean
-- self-inflation in points (self base − base), its quartiles, and the mean share of their points that was verified
create or replace view region_inflation as
with score as (
    select
        unit.cycle, unit.basis, member.ancestor as region, unit.category, unit.self_base - unit.base as inflation,
        unit.verified_share, coalesce(unit.verified_share > 0 and unit.self_base is not null, false) as is_verified
    from shown_unit_score as unit
    join region_member as member on member.region = unit.region
    where unit.submission is not null and unit.base is not null
),
summed as (
    select
        cycle, basis, region, category, count(*) as submitted, count(*) filter (is_verified) as verified,
        avg(inflation) filter (is_verified) as inflation,
        quantile_cont(inflation, 0.25) filter (is_verified) as low,
        quantile_cont(inflation, 0.5) filter (is_verified) as median,
        quantile_cont(inflation, 0.75) filter (is_verified) as high,
        avg(verified_share) filter (is_verified) as verified_share
    from score
    group by grouping sets ((cycle, basis, region, category), (cycle, basis, region))
),
final as (
    select
        summed.cycle, summed.basis, summed.region, summed.category, summed.submitted, summed.verified,
        case when summed.verified >= rule.min_group then summed.inflation end as inflation,
        case when summed.verified >= rule.min_group then summed.low end as low,
        case when summed.verified >= rule.min_group then summed.median end as median,
        case when summed.verified >= rule.min_group then summed.high end as high,
        case when summed.verified >= rule.min_group then summed.verified_share end as verified_share
    from summed
    join cycle_rule as rule on rule.cycle = summed.cycle
)
select * from final;
