"""What a year of work leaves beside the answers of `scores.prepare`: a year before, rulings, findings, tasks, evidence.

Written by SQL and drawn by hashes, so that screens are measured with everything that they show and every machine has the
same. Without evaluators most of a screen is empty, and fast for no merit of its own.
"""

from __future__ import annotations

from benchmarks.scores import YEAR
from data.demo import FORMER_SCHEME, cycle_dates
from data.store import Store
from scoring.scheme import shipped_schemes

BEFORE = YEAR - 1
APART = 100_000_000  # between the numbers of the two years' workbooks, the former year's below
# the register and the answers of the year, as far as the scheme before asked for them; one in ten stood lower
REGISTRATIONS = "insert into registration select $seq, $before, * exclude (seq, cycle) from registration where cycle = $cycle"
SUBMISSIONS = """
insert into submission
select submission - $apart, $before, unit, sha256, filename, size_bytes, $scheme, $version, $at, false
from submission where cycle = $cycle
"""
ANSWERS = """
insert into answer
select submission - $apart, * exclude (submission) from answer
where indicator in (select indicator from cycle_indicator where cycle = $before)
    and hash(submission, indicator) % 10 > 0
"""
# one answer in twenty with its evidence written down, one of these word for word as others have it
EVIDENCE = """
update answer set evidence = case
    when hash(indicator, submission) % 400 = 0 then '按照本级统一部署落实到位，见年度台账'
    else '台账第' || submission || '号，责任部门已签收' end
where hash(indicator, submission) % 20 = 0
"""
# of one unit in three every answer is ruled on; one in eight of these answers is put lower
REVIEWS = """
insert into review
select
    $seq, $cycle, unit, submission, indicator, 'county', answer.state,
    case when is_lowered then '佐证材料不足' else '' end,
    case when choice is not null and is_lowered then lowest.least else choice end,
    case when is_lowered then floor(number / 2) else number end,
    case when is_lowered then floor(numerator / 2) else numerator end, denominator, on_date, $at,
    case when is_lowered then 'change' else 'confirm' end, 'benchmark', 'county'
from (
    select answer.*, submission.unit, hash(submission, indicator) % 8 = 0 as is_lowered
    from answer join submission using (submission)
    where submission.cycle = $cycle and hash(submission.unit) % 3 = 0
) as answer
left join (
    select indicator, arg_min(choice, value) as least from cycle_choice where cycle = $cycle group by indicator
) as lowest using (indicator)
"""
FINDINGS = """
insert into finding_event by name
select
    $seq as seq, $cycle as cycle, unit || '-1' as key, unit, finding, $at::date as on_date, '示例办〔2026〕1号' as document,
    true as is_confirmed, false as is_overdue, false as is_aggravated, '' as note, 'order' as move, 'ordered' as state,
    $at::date + 30 as deadline, '限期改正' as ordered, '单位主要负责人' as addressee, $at::date as step_on,
    '示例办〔2026〕1号' as step_document, '' as reason, 'benchmark' as account, 'county' as role, $at as recorded_at
from unit, (select 'F40-1' as finding)
where unit.cycle = $cycle and hash(unit, 'finding') % 50 = 0
"""
TASKS = """
insert into task_event by name
select
    $seq as seq, $cycle as cycle, 'T' || submission as task, unit, 'gap' as source, indicator, title,
    '按要求落实并建立台账' as required, '台账' as proof, $at::date + (hash(unit) % 60)::integer as deadline, 'issue' as move,
    case hash(unit) // 8 % 4 when 0 then 'answered' when 1 then 'done' else 'issued' end as state,
    $at::date as on_date, '' as note, 'benchmark' as account, 'county' as role, $at as recorded_at
from (
    select submission.unit, submission.submission, min(indicator) as indicator, any_value(asked.title) as title
    from submission join answer using (submission)
    join cycle_indicator as asked using (cycle, indicator)
    where submission.cycle = $cycle and hash(submission.unit, 'task') % 50 = 0
    group by all
)
"""


def fill(store: Store) -> None:
    """Write it into a store that `scores.prepare` made, and bring both years' results up to date."""
    opens_on, deadline = cycle_dates(BEFORE)
    store.open_cycle(
        cycle=BEFORE, scheme_path=shipped_schemes()[FORMER_SCHEME], opens_on=opens_on, deadline=deadline
    )
    scheme, at = store.scheme(BEFORE), cycle_dates(YEAR)[1]
    with store.write() as transaction:
        seq = transaction.record("registration", cycle=BEFORE, detail="")
        years = {"before": BEFORE, "cycle": YEAR}
        transaction.run(REGISTRATIONS, seq=seq, **years)
        transaction.run(
            SUBMISSIONS, apart=APART, scheme=scheme.id, version=scheme.version, at=deadline, **years
        )
        transaction.run(ANSWERS, apart=APART, before=BEFORE)
        transaction.run(EVIDENCE)
        for kind, statement in (("review", REVIEWS), ("finding", FINDINGS), ("task", TASKS)):
            seq = transaction.record(kind, cycle=YEAR, detail="")
            transaction.run(statement, seq=seq, cycle=YEAR, at=at)
    store.refresh(BEFORE)
    store.refresh(YEAR)
