"""How we speak JSON: keys, paging, errors, limits, schema."""
