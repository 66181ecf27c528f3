-- one row per unit of the list and basis (all of them, where none is named): how its score is put together from its base, and the workbook that it rests on
select
    score.basis, score.unit as code, score.base, score.deductions, score.veto, score.bonus, score.clipped, submission.submission,
    submission.filename, submission.sha256, submission.scheme_id, submission.version
from result_unit_score as score
left join current_submission as submission
    on submission.cycle = score.cycle
    and submission.unit = score.unit
where score.cycle = $cycle and ($basis is null or score.basis = $basis) and among(score.unit, $units)
order by code;
