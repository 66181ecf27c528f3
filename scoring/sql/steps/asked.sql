-- one row per indicator of the cycle's scheme, with its position and what is asked
select cycle, position::smallint as position, indicator, type, target, points, na, first_day, last_day
from cycle_indicator
left join current_window using (cycle, indicator)
where cycle = $cycle;
