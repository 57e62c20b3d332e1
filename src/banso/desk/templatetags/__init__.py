"""Words of the staff pages."""
