-- one row per submitted unit and indicator of its set: their positions (units by region and code, indicators as the
-- scheme lists them) and the value that counts, null where the indicator left the set
with numbered as (
    select submission, (row_number() over (order by region, unit) - 1)::integer as unit_at
    from result_unit_score
    where cycle = $cycle and basis = 'composite'
),
final as (
    select numbered.unit_at, indicator.position::smallint as indicator_at, value.x
    from result_counted_value as value
    join numbered on numbered.submission = value.submission
    join cycle_indicator as indicator
        on indicator.cycle = value.cycle
        and indicator.indicator = value.indicator
    where value.cycle = $cycle
)
select * from final;
