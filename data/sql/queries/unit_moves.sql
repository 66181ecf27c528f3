-- one row per unit on the register of either cycle: region and category by its newer entry, its scores of both, the largest
-- move first, units with fewer than two scores last
with now as (
    select unit.unit, unit.name, unit.region, unit.category, score.state, score.score, score.score_exact, score.rank
    from unit
    join result_unit_score as score
        on score.cycle = unit.cycle
        and score.unit = unit.unit
        and score.basis = $basis
    where unit.cycle = $cycle
),
before as (
    select unit.unit, unit.name, unit.region, unit.category, score.state, score.score, score.score_exact, score.rank
    from unit
    join result_unit_score as score
        on score.cycle = unit.cycle
        and score.unit = unit.unit
        and score.basis = $basis
    where unit.cycle = $before
),
categories as (
    select category, arg_max(name, cycle) as name
    from cycle_category
    where cycle in ($cycle, $before)
    group by category
),
paired as (
    select
        coalesce(now.unit, before.unit) as code, coalesce(now.name, before.name) as name,
        coalesce(now.region, before.region) as region, coalesce(now.category, before.category) as category,
        before.score as score_before, now.score as score_now,
        before.score_exact as exact_before, now.score_exact as exact_now,
        before.rank as rank_before, now.rank as rank_now,
        before.state as state_before, now.state as state_now, before.category as category_before,
        case
            when now.unit is null then 'gone'
            when before.unit is null then 'new'
            when now.score is null or before.score is null then 'no_score'
            else 'both'
        end as status
    from now
    full join before on before.unit = now.unit
),
final as (
    select
        paired.*, region.path as region_path, categories.name as category_name,
        paired.exact_now - paired.exact_before as change
    from paired
    join region on region.region = paired.region
    left join categories on categories.category = paired.category
)
select * from final
order by abs(change) desc nulls last, code;
