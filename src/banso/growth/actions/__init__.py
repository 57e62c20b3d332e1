"""The door for changing where quantities stand: measured by the job; each limit that is passed is in the journal."""

from banso.growth.actions.measuring import Measured, measure

__all__ = ["Measured", "measure"]
