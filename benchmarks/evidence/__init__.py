"""Figures of the science against their targets, each made again by one command."""
