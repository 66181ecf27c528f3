"""What the screens and commands ask: frames computed from the kept results, one function a question.

Every function brings the cycle's results up to date first, so a frame is never older than the data it is asked of.
Scores named `score` are published (rounded to the scheme's decimals), `score_exact` is not; shares, rates and
attainments run from 0 to 1; gaps are points of the score. `basis` is "composite" or the id of one system.
"""

from data.queries.accounts import accounts
from data.queries.attention import attention
from data.queries.audit import AuditFilter, audit
from data.queries.comparison import comparison
from data.queries.costliest_gaps import costliest_gaps
from data.queries.course_of_unit import unit_history
from data.queries.credible import (
    answer_patterns,
    copied_groups,
    copied_members,
    credibility_signs,
    inflation_by_region,
    overstated,
    unlikely_answers,
)
from data.queries.cycles import cycle_state
from data.queries.findings import (
    finding_articles,
    finding_counts,
    finding_effect,
    finding_preview,
    finding_steps,
    findings,
)
from data.queries.gaps import gap_matrix, gap_units, region_gaps, waterfall
from data.queries.grades import grade_groups, grade_steps, graded
from data.queries.handed_in import data_date, history, inbox_batches, missing_units, receipt_problems
from data.queries.mending import mending, mending_outlook
from data.queries.mending_plans import mending_plan
from data.queries.moves import bridge, moves, region_moves, unit_move_causes, unit_moves
from data.queries.objections import changed_rulings, objections
from data.queries.one_unit import unit_systems
from data.queries.publications import publication_changes, published, result_list, result_list_head
from data.queries.regions import (
    article_results,
    grade_counts,
    grade_shares,
    region_dimensions,
    region_scores,
    region_summary,
    region_tree,
    system_ranks,
)
from data.queries.register import category_counts, register_counts, units_without_tag
from data.queries.repeats import region_repeats, unit_repeats
from data.queries.review import na_claims, peer_answers, review_queue, review_terms, sheet
from data.queries.review_sheet import review_sheet, review_sheet_size, standing_rulings
from data.queries.robustness import first_changes, redrawn, redrawn_pairs
from data.queries.sampling import sample_draws, sample_picks, sample_preview
from data.queries.severity import severity
from data.queries.stages import stage_history, stages
from data.queries.tasks import (
    task_ageing,
    task_gap_indicators,
    task_gaps,
    task_history,
    task_rates,
    task_summary,
    tasks,
)
from data.queries.trend import (
    attainment_trend,
    comparability,
    comparable_attainments,
    differences,
    region_trend,
    unit_trend,
)
from data.queries.units import (
    submission_days,
    unit_categories,
    unit_dimensions,
    unit_findings,
    unit_marks,
    unit_names,
    unit_summary,
    unit_terms,
    units,
    units_page,
)
from data.queries.units_at_once import (
    units_dimensions,
    units_full_terms,
    units_parts,
    units_rulings,
    units_systems,
    units_terms,
)
from data.queries.what_if import what_if, what_if_causes, what_if_units

__all__ = [
    "AuditFilter",
    "accounts",
    "answer_patterns",
    "article_results",
    "attainment_trend",
    "attention",
    "audit",
    "bridge",
    "category_counts",
    "changed_rulings",
    "comparability",
    "comparable_attainments",
    "comparison",
    "copied_groups",
    "copied_members",
    "costliest_gaps",
    "credibility_signs",
    "cycle_state",
    "data_date",
    "differences",
    "finding_articles",
    "finding_counts",
    "finding_effect",
    "finding_preview",
    "finding_steps",
    "findings",
    "first_changes",
    "gap_matrix",
    "gap_units",
    "grade_counts",
    "grade_groups",
    "grade_shares",
    "grade_steps",
    "graded",
    "history",
    "inbox_batches",
    "inflation_by_region",
    "mending",
    "mending_outlook",
    "mending_plan",
    "missing_units",
    "moves",
    "na_claims",
    "objections",
    "overstated",
    "peer_answers",
    "publication_changes",
    "published",
    "receipt_problems",
    "redrawn",
    "redrawn_pairs",
    "region_dimensions",
    "region_gaps",
    "region_moves",
    "region_repeats",
    "region_scores",
    "region_summary",
    "region_tree",
    "region_trend",
    "register_counts",
    "result_list",
    "result_list_head",
    "review_queue",
    "review_sheet",
    "review_sheet_size",
    "review_terms",
    "sample_draws",
    "sample_picks",
    "sample_preview",
    "severity",
    "sheet",
    "stage_history",
    "stages",
    "standing_rulings",
    "submission_days",
    "system_ranks",
    "task_ageing",
    "task_gap_indicators",
    "task_gaps",
    "task_history",
    "task_rates",
    "task_summary",
    "tasks",
    "unit_categories",
    "unit_dimensions",
    "unit_findings",
    "unit_history",
    "unit_marks",
    "unit_move_causes",
    "unit_moves",
    "unit_names",
    "unit_repeats",
    "unit_summary",
    "unit_systems",
    "unit_terms",
    "unit_trend",
    "units",
    "units_dimensions",
    "units_full_terms",
    "units_page",
    "units_parts",
    "units_rulings",
    "units_systems",
    "units_terms",
    "units_without_tag",
    "unlikely_answers",
    "waterfall",
    "what_if",
    "what_if_causes",
    "what_if_units",
]
