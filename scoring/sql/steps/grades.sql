-- one row per grade of the cycle's scheme
select * exclude (cycle) from cycle_grade where cycle = $cycle;
