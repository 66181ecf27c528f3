-- one row per system of any scheme
select distinct system from scheme_system order by system
