"""Append-only: what happened, when, by whom, to which account."""
