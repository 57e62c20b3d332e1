"""Sources: kept, fed, and read."""
