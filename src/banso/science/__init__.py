"""Statistics: arrays in, results out. No Django, no I/O, no clock."""
