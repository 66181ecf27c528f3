-- one row per workbook that counts and system: how many answers of its unit's set it has there, and what they earned,
-- Σ p·λ·x, by the values that count and by the unit's own
select
    submission, system, count(*) as answers,
    sum(weighed.points * x) as earned, sum(weighed.points * self_x) as self_earned
from counted
join weighed using (position)
group by all;
