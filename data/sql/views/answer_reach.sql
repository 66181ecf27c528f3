-- one row per cycle, unit and indicator that it claims a value for: its own attainment (self_x), how many units of its
-- category over the province claim a value (peers), and how many of them reach that attainment, itself among them (reached)
create or replace view answer_reach as
with claimed as (
    select value.cycle, value.unit, value.indicator, unit.category, value.submission, value.self_x
    from shown_counted_value as value
    join unit
        on unit.cycle = value.cycle
        and unit.unit = value.unit
    where value.self_x is not null
),
reach as (
    -- many units stand at the same few attainments
    select
        cycle, category, indicator, self_x,
        sum(count(*)) over (partition by cycle, category, indicator)::bigint as peers,
        sum(count(*)) over (
            partition by cycle, category, indicator
            order by self_x desc
            range between unbounded preceding and current row
        )::bigint as reached
    from claimed
    group by cycle, category, indicator, self_x
),
final as (
    select claimed.*, reach.peers, reach.reached
    from claimed
    join reach using (cycle, category, indicator, self_x)
)
select * from final;
