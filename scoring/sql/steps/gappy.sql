-- one row per workbook that counts and has fewer answers than its unit's set; kept by itself, for these are few and the
-- planner expects many
select distinct sheet.submission, sheet.profile
from sheet
join profile_system using (profile)
left join tallied using (submission, system)
where coalesce(tallied.answers, 0) < profile_system.indicators;
