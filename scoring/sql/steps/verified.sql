-- one row per workbook that counts and system in which an indicator of its unit's set was ruled on: Σ p·λ and Σ p·λ·x of
-- these, and of the latter the part where the workbook itself is blank
select
    ruled.submission, weighed.system,
    coalesce(sum(weighed.points) filter (x is not null), 0) as points,
    coalesce(sum(weighed.points * x), 0) as earned,
    coalesce(sum(weighed.points * x) filter (blank.submission is not null), 0) as blank_earned
from ruled
join register using (submission)
join asked_of using (profile, indicator)
join weighed using (indicator)
left join blank using (submission, indicator)
group by all;
