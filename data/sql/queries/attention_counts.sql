-- one row per region with registered units: how many of them are in a state that somebody should look at
select
    region_member.ancestor as region,
    count(*) as registered,
    count(*) filter (score.state = 'not_submitted') as missing,
    count(*) filter (score.is_late) as late,
    count(*) filter (score.has_veto) as vetoed,
    count(*) filter (score.state = 'not_comparable') as not_comparable,
    count(*) filter (score.self_base - score.base > $inflation) as inflated,
    count(*) filter (score.deductions > 0) as deducted,
    count(*) filter (score.is_at_cut) as tied
from result_unit_score as score
join region_member on region_member.region = score.region
where score.cycle = $cycle and score.basis = 'composite'
group by region_member.ancestor;
