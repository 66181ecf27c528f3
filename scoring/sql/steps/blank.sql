-- one row per workbook that counts and indicator of its unit's set that it has no answer for
with gappy as (
    select distinct sheet.submission, sheet.profile
    from sheet
    join profile_system using (profile)
    left join earned using (submission, system)
    where coalesce(earned.answers, 0) < profile_system.indicators
),
final as (
    select asked_of.cycle, gappy.submission, asked_of.indicator
    from gappy
    join asked_of using (profile)
    anti join answer using (submission, indicator)
)
select * from final;
