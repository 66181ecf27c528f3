-- one row per cycle, category, basis and indicator over the whole province: Σ c·ω and Σ c·100·ω·(1 − x), and how many
-- units of the category have a score (its peers)
create or replace view category_gap as
with summed as (
    select cycle, category, basis, indicator, sum(weight) as weight, sum(lost) as lost
    from shown_leaf_gap
    group by all
),
peers as (
    select cycle, category, basis, count(*) filter (state = 'scored') as peers
    from shown_unit_score
    group by all
),
final as (
    select summed.*, peers.peers
    from summed
    join peers using (cycle, category, basis)
)
select * from final;
