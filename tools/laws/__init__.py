"""The laws of the house that a machine can check: each returns the faults that it found, as sentences."""
