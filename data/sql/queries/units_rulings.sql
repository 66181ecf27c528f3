-- one row per unit of the list and indicator whose standing ruling is another value than its own, in the scheme's order;
-- and how far an objection to it is
with final as (
    select
        ruling.unit as code, ruling.indicator, indicator.title, indicator.question, indicator.article, indicator.place, indicator.position,
        ruling.stage, ruling.role, ruling.reason, ruling.recorded_at as ruled_at, ruling.closed_at, ruling.x,
        ruling.self_x, answer.text as own, answer.na_reason,
        said_value(
            indicator.type, ruling.state, ruling.choice, ruling.number, ruling.numerator, ruling.denominator,
            ruling.on_date
        ) as ruled,
        objection.objection, objection.state, objection.filed_at, objection.filed_reason,
        objection.recorded_at as moved_at, objection.role as moved_role, objection.reason as moved_reason
    from changed_ruling as ruling
    join cycle_indicator as indicator
        on indicator.cycle = ruling.cycle
        and indicator.indicator = ruling.indicator
    left join answer
        on answer.submission = ruling.submission
        and answer.indicator = ruling.indicator
    left join current_objection as objection
        on objection.cycle = ruling.cycle
        and objection.unit = ruling.unit
        and objection.indicator = ruling.indicator
    where ruling.cycle = $cycle and among(ruling.unit, $units)
)
select * exclude (position) from final
order by code, position;
