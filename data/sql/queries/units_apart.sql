-- what few units have, and is looked up for those of a list: one row per unit and what: refused (a workbook of it was), returned
-- (its workbook, to be corrected), manual (its grade, by the province; with reason and document)
with refused as (
    select distinct unit, 'refused' as what, null as reason, null as document
    from receipt
    where cycle = $cycle and status = 'refused' and unit is not null
),
returned as (
    select unit, 'returned' as what, null as reason, null as document
    from current_return
    where cycle = $cycle
),
manual as (
    select code as unit, 'manual' as what, reason, document
    from current_grade
    where cycle = $cycle and subject = 'unit'
)
from refused
union all
from returned
union all
from manual;
