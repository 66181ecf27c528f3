-- one row per cycle, category, indicator and answer in words: how many units of the category, over the province, said so
-- themselves (numbers: their attainment, in tenths); peers: all that were asked
create or replace view peer_answer as
with said as (
    select
        value.cycle, unit.category, value.indicator,
        case
            when answer.state = 'na' then '不适用'
            when answer.state is null then '未填'
            when answer.choice is not null then answer.choice
            when indicator.type = 'date' then case when value.self_x = 1 then '期间内' else '期间外' end
        end as answer,
        value.self_x as x
    from shown_counted_value as value
    join unit
        on unit.cycle = value.cycle
        and unit.unit = value.unit
    join cycle_indicator as indicator
        on indicator.cycle = value.cycle
        and indicator.indicator = value.indicator
    left join answer
        on answer.submission = value.submission
        and answer.indicator = value.indicator
),
final as (
    select
        cycle, category, indicator, answer, count(*) as units,
        sum(count(*)) over (partition by cycle, category, indicator) as peers,
        quantile_cont(x, 0.25) as low, quantile_cont(x, 0.5) as median, quantile_cont(x, 0.75) as high
    from said
    group by cycle, category, indicator, answer
)
select * from final;
