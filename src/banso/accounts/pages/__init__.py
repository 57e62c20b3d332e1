"""Pages that change accounts, one by one or many at once, and how they are sorted."""
