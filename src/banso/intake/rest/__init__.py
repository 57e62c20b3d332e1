"""What programs send to intake."""
