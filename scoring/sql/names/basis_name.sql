-- one row per basis of any scheme
select distinct basis from scheme_basis order by basis
