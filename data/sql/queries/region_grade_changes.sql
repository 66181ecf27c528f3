-- one row per grade that was set for a region by hand between two numbers of the journal, in order
select seq, code as region, recorded_at as at, role, reason as text
from grade_event
where cycle = $cycle and subject = 'region' and seq > $after and seq <= $until
order by seq;
