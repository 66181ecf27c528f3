-- one row per submitted unit and system with an indicator in its set (sheet_system). S = 100 · earned / points
select register.cycle, register.unit, sheet_system.* exclude (submission)
from sheet_system
join register using (submission);
