-- one row per profile, indicator of its set and named answer, and one with no named answer: what an answer is measured by
select asked_of.*, choice, value
from asked_of
join (
    select indicator, choice, value from worth
    union all
    select indicator, null as choice, null as value from asked
) as named using (indicator);
