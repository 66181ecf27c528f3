-- one row: the rules of the cycle's scheme
select * exclude (cycle) from cycle_rule where cycle = $cycle;
