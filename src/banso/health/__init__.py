"""Measures become a scorecard, a level, a condition and reasons that add up.

Promises: the parts of an explanation sum to the score and to its change, to the digit.
Reads usage, contracts, accounts.
"""
