-- one row per region with objections that nobody has decided yet, and their number
select region_member.ancestor as region, count(*) as waiting
from current_objection as objection
join unit
    on unit.cycle = objection.cycle
    and unit.unit = objection.unit
join region_member on region_member.region = unit.region
where objection.cycle = $cycle and objection.state = 'filed'
group by region_member.ancestor;
