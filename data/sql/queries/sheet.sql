-- one row: where the unit's newest workbook stands, and what it was sent back with; none where nothing was handed in
select
    submission, state, first_ruled_at, last_ruled_at, rulings, message, returned_role, returned_stage, returned_at
from sheet_state
where cycle = $cycle and unit = $unit;
