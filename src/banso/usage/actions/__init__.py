"""The door for writing usage: record events once, roll them up, say what a name stands for."""

from banso.usage.actions.attaching import (
    Attached,
    NoSuchAccount,
    NotUnclaimed,
    ask_again,
    attach,
    attach_to_new,
    detach,
    set_aside,
)
from banso.usage.actions.classifying import CannotMerge, NoSuchEvent, NoSuchKind, classify_event, merge_event
from banso.usage.actions.declaring import declare
from banso.usage.actions.describing import describe_events, needs_describing
from banso.usage.actions.identifying import attach_known, recognise
from banso.usage.actions.loading import copy_to_engine, load_engine
from banso.usage.actions.recording import BadEvents, Recorded, record
from banso.usage.actions.releasing import WrongRelease, remove_release, save_release
from banso.usage.actions.rolling_up import RolledUp, roll_up
from banso.usage.actions.series import SeriesSaved, compared_series, save_series
from banso.usage.actions.tidying import Tidied, needs_tidying, tidy
from banso.usage.queries.comparing import Compared

__all__ = [
    "Attached",
    "BadEvents",
    "CannotMerge",
    "Compared",
    "NoSuchAccount",
    "NoSuchEvent",
    "NoSuchKind",
    "NotUnclaimed",
    "Recorded",
    "RolledUp",
    "SeriesSaved",
    "Tidied",
    "WrongRelease",
    "ask_again",
    "attach",
    "attach_known",
    "attach_to_new",
    "classify_event",
    "compared_series",
    "copy_to_engine",
    "declare",
    "describe_events",
    "detach",
    "load_engine",
    "merge_event",
    "needs_describing",
    "needs_tidying",
    "recognise",
    "record",
    "remove_release",
    "roll_up",
    "save_release",
    "save_series",
    "set_aside",
    "tidy",
]
