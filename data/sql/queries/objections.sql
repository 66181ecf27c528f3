-- one row per objection in the region (or of one unit), undecided ones first, the longest waiting on top; own: what the
-- unit claimed, ruled_*: the ruling objected to, now_*: the ruling that stands on its newest workbook, null where none does
with ruled as (
    select * from review where cycle = $cycle
),
final as (
    select
        objection.objection, objection.unit, unit.name as unit_name, unit.region, region.name as region_name,
        region.path as region_path, objection.indicator, indicator.title, indicator.question, indicator.article,
        indicator.place, indicator.type, indicator.position, indicator.points, objection.state, objection.stage,
        objection.filed_at, objection.filed_reason,
        objection.recorded_at as moved_at, objection.role as moved_role, objection.reason as moved_reason,
        answer.text as own, answer.state as own_state, answer.evidence, answer.na_reason,
        said_value(
            indicator.type, ruled.state, ruled.choice, ruled.number, ruled.numerator, ruled.denominator, ruled.on_date
        ) as ruled,
        ruled.reason as ruled_reason, ruled.recorded_at as ruled_at,
        now.seq as now_seq, now.stage as now_stage, now.reason as now_reason, now.recorded_at as now_at,
        said_value(indicator.type, now.state, now.choice, now.number, now.numerator, now.denominator, now.on_date)
            as now,
        now.seq is distinct from objection.ruled_seq as is_ruled_since,
        now.state as now_state, now.choice, now.number, now.numerator, now.denominator, now.on_date,
        submission.submission is distinct from objection.submission as is_handed_in_since
    from current_objection as objection
    join unit
        on unit.cycle = objection.cycle
        and unit.unit = objection.unit
    join region on region.region = unit.region
    join cycle_indicator as indicator
        on indicator.cycle = objection.cycle
        and indicator.indicator = objection.indicator
    left join current_submission as submission
        on submission.cycle = objection.cycle
        and submission.unit = objection.unit
    left join answer
        on answer.submission = objection.submission
        and answer.indicator = objection.indicator
    left join ruled on ruled.seq = objection.ruled_seq
    left join current_review as now
        on now.cycle = objection.cycle
        and now.unit = objection.unit
        and now.indicator = objection.indicator
    where objection.cycle = $cycle
        and ($unit is null or objection.unit = $unit)
        and ($region is null or unit.region in (select region from region_member where ancestor = $region))
)
select * exclude (position) from final
order by state <> 'filed', case when state = 'filed' then filed_at end, moved_at desc, unit, position;
