-- one row per class of units and indicator (by position): Σ x over their answers, and how many of these have full marks
select class, position, sum(x) as x, count(*) filter (x >= 1) as full_marks
from counted
group by all;
