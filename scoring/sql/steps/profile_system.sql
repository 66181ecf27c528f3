-- one row per profile and system with an indicator in its set: how many these are, and Σ p·λ
select profile, system, count(*) as indicators, sum(weighed.points) as points
from asked_of
join weighed using (indicator)
group by all;
