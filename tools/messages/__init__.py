"""Compiles, checks and updates the translations with Babel: a fresh machine has no GNU gettext."""
