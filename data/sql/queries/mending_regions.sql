-- one row per region with a score: the weight of its units (Σ c) and its exact score
select region, total_weight as whole, score_exact as region_score
from result_region_score
where cycle = $cycle and basis = $basis and score_exact is not null;
