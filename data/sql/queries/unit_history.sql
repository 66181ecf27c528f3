-- one row per thing that happened to a unit in a cycle, the newest first; rulings: one row per role, stage and moment.
-- kind: what it was; move and state: those of its machine; about: what it concerned; text: what was said; number: how many
with said as (
    select seq, recorded_at from journal
),
handed_in as (
    select
        receipt.receipt as seq, receipt.recorded_at as happened_at, 'receipt' as kind, receipt.status as move,
        null as role, null as stage, receipt.filename as about, null as text, receipt.errors as number,
        null as course
    from receipt
    where receipt.cycle = $cycle and receipt.unit = $unit
),
returned as (
    select
        seq, recorded_at, 'return', state, role, stage, null, message, null, null
    from return_event
    where cycle = $cycle and unit = $unit
),
ruled as (
    select
        max(review.seq), review.recorded_at, 'review', null, review.role, review.stage,
        string_agg(indicator.title, '、' order by indicator.position)
            filter (coalesce(review.act, 'confirm') in ('change', 'refuse_na')),
        null, count(*), null
    from review
    left join cycle_indicator as indicator
        on indicator.cycle = review.cycle
        and indicator.indicator = review.indicator
    where review.cycle = $cycle and review.unit = $unit
    group by review.recorded_at, review.role, review.stage
),
found as (
    select
        finding.seq, coalesce(finding.recorded_at, said.recorded_at), 'finding', finding.move, finding.role, null,
        concat(cycle_finding.place, '：', cycle_finding.name),
        concat_ws(
            '；', nullif(coalesce(finding.step_document, finding.document), ''), nullif(finding.reason, ''),
            case when finding.move is null or finding.step_on = finding.on_date then nullif(finding.note, '') end
        ),
        null, cycle_finding.course
    from finding_event as finding
    join cycle_finding
        on cycle_finding.cycle = finding.cycle
        and cycle_finding.finding = finding.finding
    left join said on said.seq = finding.seq
    where finding.cycle = $cycle and finding.unit = $unit
),
tasked as (
    select seq, recorded_at, 'task', move, role, null, title, nullif(note, ''), null, null
    from task_event
    where cycle = $cycle and unit = $unit
),
objected as (
    select
        objection.seq, objection.recorded_at, 'objection', objection.move, objection.role, null, indicator.title,
        nullif(objection.reason, ''), null, null
    from objection_event as objection
    join cycle_indicator as indicator
        on indicator.cycle = objection.cycle
        and indicator.indicator = objection.indicator
    where objection.cycle = $cycle and objection.unit = $unit
),
graded as (
    select
        event.seq, event.recorded_at, 'grade', case when event.grade is null then 'unset' else 'set' end, event.role,
        null, cycle_grade.name, concat_ws('；', event.reason, nullif(event.document, '')), null, null
    from grade_event as event
    left join cycle_grade
        on cycle_grade.cycle = event.cycle
        and cycle_grade.grade = event.grade
    where event.cycle = $cycle and event.subject = 'unit' and event.code = $unit
),
published as (
    select seq, published_at, 'publication', 'publish', role, null, number, reason, null, null
    from publication
    where cycle = $cycle and exists (select 1 from unit where cycle = $cycle and unit = $unit)
),
final as (
    select * from handed_in
    union all select * from returned
    union all select * from ruled
    union all select * from found
    union all select * from tasked
    union all select * from objected
    union all select * from graded
    union all select * from published
)
select * from final
order by happened_at desc, seq desc;
