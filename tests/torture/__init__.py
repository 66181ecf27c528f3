"""Kills the program at random moments, again and again, and holds what is left against what it had acknowledged."""
