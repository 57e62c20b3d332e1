"""Base templates, components, charts and the build of their assets."""
