-- one row per cycle, region, basis and indicator: points of the region's score that the indicator costs,
-- gap = 100 · Σ c·ω·(1 − x) / Σ c; attainment = 1 − lost / (100 · weight)
create or replace view region_gap as
with summed as (
    select
        leaf_gap.cycle, region_member.ancestor as region, leaf_gap.basis, leaf_gap.indicator,
        sum(leaf_gap.weight) as weight, sum(leaf_gap.lost) as lost,
        sum(leaf_gap.units) as units, sum(leaf_gap.units_short) as units_short
    from shown_leaf_gap as leaf_gap
    join region_member on region_member.region = leaf_gap.region
    group by all
),
final as (
    select
        summed.cycle, summed.region, summed.basis, summed.indicator,
        summed.lost / region_score.total_weight as gap,
        summed.weight, summed.lost, summed.units, summed.units_short
    from summed
    join shown_region_score as region_score
        on region_score.cycle = summed.cycle
        and region_score.region = summed.region
        and region_score.basis = summed.basis
)
select * from final;
