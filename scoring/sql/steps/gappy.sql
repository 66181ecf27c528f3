-- one row per workbook that counts and has fewer answers than its unit's set; kept by itself, for these are few and the
-- planner expects many
with asked_count as (
    select profile, count(*) as indicators from asked_of group by profile
)
select sheet.submission, sheet.profile
from sheet
join asked_count using (profile)
left join tallied
    on tallied.submission = sheet.submission
    and tallied.pair = 0
where coalesce(tallied.answers, 0) < asked_count.indicators;
