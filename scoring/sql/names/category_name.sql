-- one row per category that a unit was ever registered in
select distinct category from registration order by category
