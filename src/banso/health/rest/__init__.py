"""Health as JSON."""
