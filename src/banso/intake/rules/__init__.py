"""How a file becomes rows, and rows become facts: pure decisions, each with its reason where it refuses."""
