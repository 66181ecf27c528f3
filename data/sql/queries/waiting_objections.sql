-- one row: objections in the region that nobody has decided yet
select count(*) as waiting
from current_objection as objection
join unit
    on unit.cycle = objection.cycle
    and unit.unit = objection.unit
join region_member on region_member.region = unit.region and region_member.ancestor = $region
where objection.cycle = $cycle and objection.state = 'filed';
