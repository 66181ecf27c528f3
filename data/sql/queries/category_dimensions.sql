-- one row per basis, category and dimension with units: the attainment of the category over the province
with final as (
    select
        gap.basis, gap.category, indicator.dimension,
        attainment_of(sum(gap.lost), sum(gap.weight)) as category_mean
    from category_gap as gap
    join cycle_indicator as indicator
        on indicator.cycle = gap.cycle
        and indicator.indicator = gap.indicator
    where gap.cycle = $cycle
    group by all
)
select * from final
order by basis, category, dimension;
