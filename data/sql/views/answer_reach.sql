-- one row per cycle, unit and indicator that it claims a value for: its own attainment (self_x), how many units of its
-- category over the province claim a value (peers), and how many of them reach that attainment, itself among them (reached)
create or replace view answer_reach as
with final as (
    select
        value.cycle, value.unit, value.indicator, unit.category, value.submission, value.self_x,
        count(*) over (partition by value.cycle, unit.category, value.indicator) as peers,
        count(*) over (
            partition by value.cycle, unit.category, value.indicator
            order by value.self_x desc
            range between unbounded preceding and current row
        ) as reached
    from shown_counted_value as value
    join unit
        on unit.cycle = value.cycle
        and unit.unit = value.unit
    where value.self_x is not null
)
select * from final;
