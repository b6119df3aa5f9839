"""Sums that need no solver: supply and demand, and what the week and the staff forbid."""
