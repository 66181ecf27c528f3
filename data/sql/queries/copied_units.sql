-- one row per unit of $region and below with at least $copied evidence texts, of $evidence_length characters or more, that stand
-- word for word elsewhere in the province: how many (texts), and how many units share the most common one (widest)
select copied.unit, count(*) as texts, max(copied.units) as widest
from copied_evidence as copied
join unit
    on unit.cycle = copied.cycle
    and unit.unit = copied.unit
join region_member as inside on inside.region = unit.region and inside.ancestor = $region
where copied.cycle = $cycle and copied.length >= $evidence_length
group by copied.unit
having count(*) >= $copied
order by copied.unit;
