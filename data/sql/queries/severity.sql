-- one row per reviewer (stage, region, account), and one per reviewer and category of units: how far the rulings that
-- stand lower what stood before them, as such and against all reviewers of the stage on the same indicator and category
with asked as (
    select indicator.cycle, indicator.indicator, indicator.type, indicator.target, win.first_day, win.last_day
    from cycle_indicator as indicator
    left join current_window as win
        on win.cycle = indicator.cycle
        and win.indicator = indicator.indicator
    where indicator.cycle = $cycle
),
ruling as (
    select review.*
    from review
    join current_submission as submission
        on submission.cycle = review.cycle
        and submission.unit = review.unit
        and submission.submission = review.submission
    where review.cycle = $cycle
    qualify row_number() over (partition by review.unit, review.indicator, review.stage order by review.seq desc) = 1
),
step as (
    select
        submission.unit, answer.indicator, 0 as step, null as stage, null as account, answer.state,
        answer.choice, answer.number, answer.numerator, answer.denominator, answer.on_date
    from current_submission as submission
    join answer on answer.submission = submission.submission
    where submission.cycle = $cycle
    union all
    select
        unit, indicator, case stage when 'county' then 1 when 'prefecture' then 2 else 3 end, stage, account, state,
        choice, number, numerator, denominator, on_date
    from ruling
),
valued as (
    select
        step.*,
        attained(
            step.state, asked.type, step.choice, choice.value, step.number, step.numerator, step.denominator,
            asked.target, step.on_date, asked.first_day, asked.last_day
        ) as x
    from step
    join asked on asked.indicator = step.indicator
    left join cycle_choice as choice
        on choice.cycle = asked.cycle
        and choice.indicator = step.indicator
        and choice.choice = step.choice
),
beside as (
    select
        *,
        lag(x) over below as x_below,
        lag((choice, number, numerator, denominator, on_date)) over below
            is distinct from (choice, number, numerator, denominator, on_date) as is_changed,
        bool_or(step = 0 and state = 'na') over (partition by unit, indicator) as is_na
    from valued
    window below as (partition by unit, indicator order by step)
),
judged as (
    select
        beside.stage, beside.account, beside.indicator, unit.category, beside.state, beside.is_na, beside.is_changed,
        case when not beside.is_na then coalesce(beside.x_below, 0) - beside.x end as lowering,
        case
            when beside.stage = 'county' or home.level = 'province' then home.region
            when beside.stage = 'prefecture' and home.level = 'prefecture' then home.region
            when beside.stage = 'prefecture' then home.parent
            else province.region
        end as region,
        -- whose reviewers one is compared with: of the same prefecture's counties, of all prefectures
        case
            when beside.stage = 'county' and home.level in ('county', 'zone') then home.parent
            else province.region
        end as circle
    from beside
    join unit on unit.cycle = $cycle and unit.unit = beside.unit
    join region as home on home.region = unit.region
    join region as province on province.level = 'province'
    where beside.step > 0
),
usual as (
    select stage, indicator, category, avg(lowering) as lowering
    from judged
    group by stage, indicator, category
),
adjusted as (
    select judged.*, judged.lowering - usual.lowering as beyond
    from judged
    join usual
        on usual.stage = judged.stage
        and usual.indicator = judged.indicator
        and usual.category = judged.category
),
reviewer as (
    select
        stage, circle, region, account, category,
        count(*) as rulings, count(lowering) as judged,
        avg(is_changed::integer) filter (where not is_na) as changed_share,
        avg(lowering) as lowering, avg(beyond) as beyond,
        stddev_samp(beyond) / sqrt(count(beyond)) as standard_error,
        count(*) filter (where is_na) as na_decided,
        avg((state <> 'na')::integer) filter (where is_na) as na_refused_share
    from adjusted
    group by grouping sets ((stage, circle, region, account), (stage, circle, region, account, category))
),
circle_mean as (
    select stage, circle, null as category, avg(beyond) as beyond, count(distinct (region, account)) as reviewers
    from adjusted
    where lowering is not null
    group by stage, circle
    union all
    select stage, null, category, avg(beyond), count(distinct (region, account))
    from adjusted
    where lowering is not null
    group by stage, category
),
final as (
    select
        reviewer.stage, reviewer.region, region.name as region_name, above.name as parent_name, reviewer.account,
        reviewer.category, category.name as category_name, circle.name as circle_name,
        coalesce(circle_mean.reviewers, 0) as reviewers,
        reviewer.rulings, reviewer.judged, reviewer.changed_share, reviewer.lowering, reviewer.beyond,
        reviewer.standard_error, circle_mean.beyond as circle_beyond, reviewer.na_decided, reviewer.na_refused_share
    from reviewer
    join region on region.region = reviewer.region
    left join region as above on above.region = region.parent
    left join region as circle on circle.region = reviewer.circle
    left join cycle_category as category
        on category.cycle = $cycle
        and category.category = reviewer.category
    left join circle_mean
        on circle_mean.stage = reviewer.stage
        and circle_mean.category is not distinct from reviewer.category
        and (reviewer.category is not null or circle_mean.circle = reviewer.circle)
)
select * from final
order by stage, region, account, category nulls first;
