"""The assessment scheme and what follows from it: weights, attainment, scores, gaps (Art. 18)."""
