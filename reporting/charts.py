"""Every figure of the product under one name; each is drawn in the file named after what it shows."""

from reporting.bridge import draw_bridge
from reporting.closing import draw_closing_rates
from reporting.dumbbell import draw_dumbbell
from reporting.grades import draw_grade_shares, draw_submissions
from reporting.heatmap import draw_heat_map
from reporting.indicators import draw_costliest
from reporting.mending import draw_mending
from reporting.multiples import draw_small_multiples
from reporting.pairs import draw_pairs
from reporting.radar import draw_radar
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
    "draw_closing_rates",
    "draw_costliest",
    "draw_dumbbell",
    "draw_grade_shares",
    "draw_heat_map",
    "draw_mending",
    "draw_pairs",
    "draw_radar",
    "draw_ranked_bars",
    "draw_severity",
    "draw_slopes",
    "draw_small_multiples",
    "draw_submissions",
    "draw_system_ranks",
    "draw_system_shifts",
    "draw_tile_map",
    "draw_waterfall",
]
