"""What each kind of source can be read by; one file for each kind."""
