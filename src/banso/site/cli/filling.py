"""Fills the installation of a demo with its data set."""

from django.utils import timezone

from banso.people import actions as people
from banso.people.access import SYSTEM
from banso.site.cli.folders import Note


def fill(note: Note) -> None:
    """Make the user who signs in and the data set that the note names."""
    now = timezone.now()
    people.create_user(email=note.email, name="Banso", role="admin", password=note.password, by=SYSTEM, now=now)
