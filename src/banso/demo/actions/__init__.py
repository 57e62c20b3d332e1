"""The door for filling an installation that is empty."""

from banso.demo.actions.filling import Filled, fill
from banso.demo.actions.staffing import hire

__all__ = ["Filled", "fill", "hire"]
