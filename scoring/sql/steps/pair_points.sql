-- one row per indicator (by position) and pair of systems: its points p·λ in the first and in the second of them, 0 without a
-- share. Answers are added up by pairs, for a row per answer and system takes half as long again
select
    asked.position, system_pair.pair,
    coalesce(sum(weighed.points) filter (not is_second), 0) as first_points,
    coalesce(sum(weighed.points) filter (is_second), 0) as second_points
from asked
cross join system_pair
left join weighed using (position, system)
group by all;
