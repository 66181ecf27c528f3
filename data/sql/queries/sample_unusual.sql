-- one row per unit of $region and below and unusual answer of it, where it has at least $unusual of them: an answer that earns
--   marks while under the share $rare of its category's units over the province reach as much; the rarest first
with answered as materialized (
    select
        reach.unit, unit.region, reach.indicator, reach.submission, reach.reached / reach.peers as share, reach.peers
    from answer_reach as reach
    join unit
        on unit.cycle = reach.cycle
        and unit.unit = reach.unit
    join region_member as inside on inside.region = unit.region and inside.ancestor = $region
    join cycle_rule as rule on rule.cycle = reach.cycle
    where reach.cycle = $cycle and reach.self_x > 0 and reach.peers >= rule.min_group
        and reach.reached < $rare * reach.peers
    qualify count(*) over (partition by reach.unit) >= $unusual
),
given as (
    -- said by submission, so that only theirs are read
    select submission, indicator, text from answer where submission in (select submission from answered)
),
final as (
    select
        answered.unit, answered.region, answered.indicator, asked.title, asked.position, given.text, answered.share, answered.peers
    from answered
    join cycle_indicator as asked on asked.cycle = $cycle and asked.indicator = answered.indicator
    join given
        on given.submission = answered.submission
        and given.indicator = answered.indicator
)
select * exclude (position) from final
order by unit, share, position;
