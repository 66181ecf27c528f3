-- one row per cycle, region that units are registered in, category, basis and indicator that some of its units have in their sets:
-- Σ c·ω, Σ c·100·ω·(1 − x), how many units have it and how many of these fall short of full marks
with each as (
    select
        cycle, region, category, basis, unnest(indicators) as indicator, unnest(weight) as weight, unnest(lost) as lost,
        unnest(units)::bigint as units, unnest(units_short)::bigint as units_short
    from leaf_loss
    join basis_indicators using (cycle, basis)
),
final as (
    select * from each where units > 0
)
select * from final;
