"""The door for filling an installation that is empty."""

from banso.demo.actions.filling import Filled, fill

__all__ = ["Filled", "fill"]
