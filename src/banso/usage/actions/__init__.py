"""The door for writing usage: record events once, roll them up, say what a name stands for."""

from banso.usage.actions.classifying import NoSuchEvent, NoSuchKind, classify_event
from banso.usage.actions.identifying import attach_known, recognise
from banso.usage.actions.loading import load_engine
from banso.usage.actions.recording import BadEvents, Recorded, record
from banso.usage.actions.releasing import WrongRelease, remove_release, save_release
from banso.usage.actions.rolling_up import RolledUp, roll_up
from banso.usage.actions.tidying import Tidied, needs_tidying, tidy

__all__ = [
    "BadEvents",
    "NoSuchEvent",
    "NoSuchKind",
    "Recorded",
    "RolledUp",
    "Tidied",
    "WrongRelease",
    "attach_known",
    "classify_event",
    "load_engine",
    "needs_tidying",
    "recognise",
    "record",
    "remove_release",
    "roll_up",
    "save_release",
    "tidy",
]
