-- one row per region with claims of 不适用 that wait for a ruling: how many, and of how many units (claiming)
with own as (
    select unit.region, value.unit, count(*) as claims
    from result_counted_value as value
    join unit on unit.cycle = value.cycle and unit.unit = value.unit
    where value.cycle = $cycle and value.state = 'pending'
    group by all
)
select region_member.ancestor as region, sum(own.claims)::bigint as claims, count(*) as claiming
from own
join region_member on region_member.region = own.region
group by region_member.ancestor;
