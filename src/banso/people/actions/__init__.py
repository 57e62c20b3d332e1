"""The door for changing users, teams, keys and the company. Every change is written down with its author."""

from banso.people.actions.companies import set_company
from banso.people.actions.keys import create_key, dismiss_refused_key, note_key_use, note_refused_key, revoke_key
from banso.people.actions.refusals import (
    EmailTaken,
    LastAdministrator,
    NotAnAddress,
    NotOurs,
    PeopleRefusal,
    TeamNameTaken,
    UnknownChoice,
    WeakPassword,
)
from banso.people.actions.resetting import ask_for_reset, send_reset
from banso.people.actions.sessions import sign_out_elsewhere
from banso.people.actions.staff import (
    change_user,
    create_user,
    deactivate_user,
    note_sign_in,
    reactivate_user,
    set_password,
    speak,
)
from banso.people.actions.teams import create_team, rename_team

__all__ = [
    "EmailTaken",
    "LastAdministrator",
    "NotAnAddress",
    "NotOurs",
    "PeopleRefusal",
    "TeamNameTaken",
    "UnknownChoice",
    "WeakPassword",
    "ask_for_reset",
    "change_user",
    "create_key",
    "create_team",
    "create_user",
    "deactivate_user",
    "dismiss_refused_key",
    "note_key_use",
    "note_refused_key",
    "note_sign_in",
    "reactivate_user",
    "rename_team",
    "revoke_key",
    "send_reset",
    "set_company",
    "set_password",
    "sign_out_elsewhere",
    "speak",
]
