-- one row per category that a unit was ever registered in, and the empty one, for a type needs a value
select category from registration union select '' order by category
