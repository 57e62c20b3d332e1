"""The door for reading: what a file holds, how its columns would be read, how far imports are."""
