-- one row per basis and system that counts in it, with its weight
select basis, system, weight from cycle_basis where cycle = $cycle;
