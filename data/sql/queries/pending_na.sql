-- one row per region with claims of 不适用 that wait for a ruling: how many, and of how many units (claiming)
with own as (
    select unit.region, claim.unit, count(*) as claims
    from pending_claim as claim
    join unit on unit.cycle = claim.cycle and unit.unit = claim.unit
    where claim.cycle = $cycle
    group by all
)
select region_member.ancestor as region, sum(own.claims)::bigint as claims, count(*) as claiming
from own
join region_member on region_member.region = own.region
group by region_member.ancestor;
