-- one row per region, basis and indicator: points of the region's score that the indicator costs,
-- gap = 100 · Σ c·ω·(1 − x) / Σ c; attainment = 1 − lost / (100 · weight)
with leaf as (
    select
        region, basis, position, sum(weight) as weight, sum(lost) as lost,
        sum(units::double) as units, sum(units_short::double) as units_short
    from leaf_sum
    group by all
),
summed as (
    select
        region_member.ancestor as region, leaf.basis, leaf.position, sum(weight) as weight, sum(lost) as lost,
        sum(units)::bigint as units, sum(units_short)::bigint as units_short
    from leaf
    join region_member using (region)
    group by all
),
final as (
    select
        $cycle as cycle, summed.region, summed.basis, asked.indicator,
        summed.lost / region_score.total_weight as gap,
        summed.weight, summed.lost, summed.units, summed.units_short
    from summed
    join region_score using (region, basis)
    join asked using (position)
)
select * from final;
