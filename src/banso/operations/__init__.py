"""What the installation does by itself: jobs that wait, run and fail, and the hours that they keep."""
