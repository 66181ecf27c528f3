-- one row per region that a unit was ever registered in
select distinct region from registration order by region
