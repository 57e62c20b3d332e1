"""Pages for signing in, for one's own settings, and for those who govern the installation."""
