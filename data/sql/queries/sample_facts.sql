-- one row per submitted unit of $region and below: what the rules top, jump, inflation, late and resent say of it
--   under the thresholds given; scores and points rounded as they are printed, so that two equal figures fare alike
with score as (
    select
        score.unit, score.category, score.is_late, round_half_up(score.self_base, rule.decimals) as self_score,
        rule.min_group
    from result_unit_score as score
    join region_member as inside on inside.region = score.region and inside.ancestor = $region
    join cycle_rule as rule on rule.cycle = score.cycle
    where score.cycle = $cycle and score.basis = 'composite' and score.submission is not null
),
placed as (
    select
        *, rank() over (partition by category order by self_score desc nulls last) as place,
        count(self_score) over (partition by category) as peers
    from score
),
topped as (
    -- nine decimals first: a share of 0.1 of 30 units is 3 of them
    select *, greatest(floor(round($top_share * peers, 9)), (peers >= min_group and $top_share > 0)::integer) as most
    from placed
),
before as (
    select unit, score
    from result_unit_score
    where cycle = $previous and basis = 'composite' and score is not null
),
inflated as (
    select score.unit, score.cycle as year, round_half_up(score.self_base - score.base, rule.decimals) as points
    from result_unit_score as score
    join cycle_rule as rule on rule.cycle = score.cycle
    where score.cycle < $cycle and score.basis = 'composite' and score.self_base is not null and score.base is not null
    qualify row_number() over (partition by score.unit order by points desc, score.cycle desc) = 1
),
sent as (
    select unit, count(*) as files
    from submission
    where cycle = $cycle
    group by unit
),
returned as (
    select unit, count(*) as returns
    from return_event
    where cycle = $cycle and state = 'returned'
    group by unit
),
final as (
    select
        topped.unit, unit.name, topped.category, category.name as category_name, topped.self_score, topped.place,
        topped.peers,
        topped.self_score is not null and topped.place <= topped.most as is_top,
        before.score as score_before, round(topped.self_score - before.score, 9) as rise,
        coalesce(round(topped.self_score - before.score, 9) >= $jump, false) as is_jump,
        inflated.year as inflated_in, inflated.points as inflated_by,
        coalesce(inflated.points >= $inflation, false) as is_inflation,
        coalesce(topped.is_late, false) as is_late,
        sent.files, coalesce(returned.returns, 0) as returns,
        sent.files > 1 or coalesce(returned.returns, 0) > 0 as is_resent
    from topped
    join unit on unit.cycle = $cycle and unit.unit = topped.unit
    join cycle_category as category on category.cycle = $cycle and category.category = topped.category
    join sent on sent.unit = topped.unit
    left join before on before.unit = topped.unit
    left join inflated on inflated.unit = topped.unit
    left join returned on returned.unit = topped.unit
)
select * from final
order by unit;
