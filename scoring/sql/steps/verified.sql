-- one row per workbook that counts and system in which an indicator of its unit's set was ruled on: Σ p·λ and Σ p·λ·x of
-- these, and what the unit's own values of them earned
select
    submission, weighed.system,
    coalesce(sum(weighed.points) filter (x is not null), 0) as points,
    coalesce(sum(weighed.points * x), 0) as earned,
    coalesce(sum(weighed.points * own_x), 0) as self_earned
from corrected
join weighed using (position)
group by all;
