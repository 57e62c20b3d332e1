"""What is asked of people: about a file, and about a source."""
