-- one row per category and set of tags that units of the cycle have, or had: what is asked of a unit follows from these alone
select row_number() over () as profile, category, tags
from (select distinct category, tags from registration where cycle = $cycle);
