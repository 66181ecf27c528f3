-- one row: how many units of the region are in a state that somebody should look at
select
    count(*) as registered,
    count(*) filter (score.state = 'not_submitted') as missing,
    count(*) filter (score.is_late) as late,
    count(*) filter (score.has_veto) as vetoed,
    count(*) filter (score.state = 'not_comparable') as not_comparable,
    count(*) filter (score.self_base - score.base > $inflation) as inflated,
    count(*) filter (score.deductions > 0) as deducted,
    count(*) filter (score.is_at_cut) as tied
from result_unit_score as score
join region_member on region_member.region = score.region and region_member.ancestor = $region
where score.cycle = $cycle and score.basis = 'composite';
