"""What is decided about usage without looking at any event: kinds of names, numbers of days, what a measure is."""
