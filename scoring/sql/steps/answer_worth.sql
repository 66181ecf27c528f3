-- one row per profile, indicator of its set, pair of systems and named answer, and one with no named answer: what an answer is
-- measured by, and what it is worth in the pair
select asked_of.*, choice, value, pair, first_points, second_points
from asked_of
join (
    select indicator, choice, value from worth
    union all
    select indicator, null as choice, null as value from asked
) as named using (indicator)
join pair_points using (position);
