"""Hundreds of hostile and odd files, made here, and what must hold when they are handed in: `python -m tests.hostile`."""
