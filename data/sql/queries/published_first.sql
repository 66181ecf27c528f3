-- one row: when the cycle was first published, null before
select min(published_at) as published_at
from publication
where cycle = $cycle;
