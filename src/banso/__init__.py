"""Banso: customer success, self-hosted."""
