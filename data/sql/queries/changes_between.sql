-- one row per thing that happened to a unit between two numbers of the journal and that its score can follow from, in order
with happened as (
    select submission as seq, unit, 'submission' as kind, received_at as at, null as role, null as about, null as text
    from submission
    where cycle = $cycle and submission > $after and submission <= $until
    union all
    select review.seq, review.unit, 'review', review.recorded_at, review.role, indicator.title, review.reason
    from review
    left join cycle_indicator as indicator
        on indicator.cycle = review.cycle
        and indicator.indicator = review.indicator
    where review.cycle = $cycle and review.seq > $after and review.seq <= $until
    union all
    select
        finding.seq, finding.unit, 'finding', coalesce(finding.recorded_at, cast(finding.on_date as timestamp)),
        finding.role, concat(cycle_finding.place, cycle_finding.name), finding.state
    from finding_event as finding
    left join cycle_finding
        on cycle_finding.cycle = finding.cycle
        and cycle_finding.finding = finding.finding
    where finding.cycle = $cycle and finding.seq > $after and finding.seq <= $until
    union all
    select seq, code, 'grade', recorded_at, role, null, reason
    from grade_event
    where cycle = $cycle and subject = 'unit' and seq > $after and seq <= $until
),
final as (
    select * from happened
)
select * from final
order by unit, seq;
