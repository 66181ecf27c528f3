-- one row per region and indicator of one basis; row_level: counties include the management zones: its share ω of the region's full marks, attainment x
-- and the points it costs, gap = 100 · ω · (1 − x)
with final as (
    select
        case region.level when 'zone' then 'county' else region.level end as row_level, region.parent,
        gap.region as code, gap.indicator, gap.weight / score.total_weight as omega,
        attainment_of(gap.lost, gap.weight) as attainment, gap.gap
    from result_region_gap as gap
    join region on region.region = gap.region
    join result_region_score as score
        on score.cycle = gap.cycle
        and score.basis = gap.basis
        and score.region = gap.region
    where gap.cycle = $cycle and gap.basis = $basis and score.score is not null
)
select * from final
order by code, indicator;
