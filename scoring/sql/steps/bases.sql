-- one row per basis and system that counts in it, with its weight
select basis::basis_name as basis, system::system_name as system, weight from cycle_basis where cycle = $cycle;
