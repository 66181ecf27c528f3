"""Every figure of the product under one name; each is drawn in the file named after what it shows."""

from reporting.bridge import draw_bridge
from reporting.cause_bars import draw_causes
from reporting.closing import draw_closing_rates
from reporting.credibility import (
    draw_inflation_bars,
    draw_inflation_map,
    draw_inflation_spread,
    draw_sign_counts,
)
from reporting.dumbbell import draw_dumbbell
from reporting.effective_weights import draw_effective_weights
from reporting.first_changes import draw_first_changes
from reporting.grades import draw_grade_shares, draw_submissions
from reporting.heatmap import draw_heat_map
from reporting.indicators import draw_costliest
from reporting.mending import draw_mending
from reporting.multiples import draw_small_multiples
from reporting.pairs import draw_pairs
from reporting.radar import draw_radar
from reporting.rank_intervals import draw_rank_intervals, draw_undecided_pairs
from reporting.rank_moves import draw_rank_moves
from reporting.ranking import draw_bounds, draw_ranked_bars
from reporting.severity import draw_severity
from reporting.slopes import draw_slopes
from reporting.systems import draw_system_ranks, draw_system_shifts
from reporting.theme import CONFIG
from reporting.tilemap import draw_tile_map
from reporting.waterfall import draw_waterfall

__all__ = [
    "CONFIG",
    "draw_bounds",
    "draw_bridge",
    "draw_causes",
    "draw_closing_rates",
    "draw_costliest",
    "draw_dumbbell",
    "draw_effective_weights",
    "draw_first_changes",
    "draw_grade_shares",
    "draw_heat_map",
    "draw_inflation_bars",
    "draw_inflation_map",
    "draw_inflation_spread",
    "draw_mending",
    "draw_pairs",
    "draw_radar",
    "draw_rank_intervals",
    "draw_rank_moves",
    "draw_ranked_bars",
    "draw_severity",
    "draw_sign_counts",
    "draw_slopes",
    "draw_small_multiples",
    "draw_submissions",
    "draw_system_ranks",
    "draw_system_shifts",
    "draw_tile_map",
    "draw_undecided_pairs",
    "draw_waterfall",
]
