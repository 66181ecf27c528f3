-- one row per region that a unit was ever registered in, and the empty one, for a type needs a value
select region from registration union select '' order by region
