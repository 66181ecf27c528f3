-- one row per indicator and answer of the category's units, the most frequent first; numbers as quartiles of attainment
select indicator, answer, units, peers, units / peers as share, low, median, high
from peer_answer
where cycle = $cycle and category = $category
order by indicator, units desc, answer;
