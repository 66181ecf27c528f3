-- one row per workbook that counts and indicator of its unit's set that it has no answer for
select asked_of.cycle, gappy.submission, asked_of.indicator
from gappy
join asked_of using (profile)
anti join answer using (submission, indicator);
