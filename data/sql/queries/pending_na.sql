-- one row: claims of 不适用 in the region that wait for a ruling, and the units they come from
select count(*) as claims, count(distinct value.unit) as units
from result_counted_value as value
join unit on unit.cycle = value.cycle and unit.unit = value.unit
join region_member on region_member.region = unit.region and region_member.ancestor = $region
where value.cycle = $cycle and value.state = 'pending';
