"""Wiring only: settings, addresses, servers, the worker and the command line."""
