"""The lifelike company itself: its name, its calendar, its teams and staff."""

from datetime import datetime
from typing import Final

from django.conf import settings

from banso.demo.rules import words
from banso.people import actions as people
from banso.people.access import SYSTEM, User

COMPANY: Final = "伴走サンプル株式会社"
CLOSURES: Final = ("12-29", "12-30", "12-31", "01-02", "01-03")
DOMAIN: Final = "banso.example"


def hire(*, email: str, password: str, currency: str, now: datetime, name: str = COMPANY) -> list[User]:
    """Set up the company, its teams and its staff, in the order of words.STAFF; the first is the administrator.

    All have the same password; the administrator signs in with the e-mail address given.
    """
    people.set_company(
        by=SYSTEM,
        now=now,
        name=name,
        language=settings.LANGUAGE_CODE,
        time_zone="Asia/Tokyo",
        currency=currency,
        country="JP",
        fiscal_year_starts_in=4,
        closures=CLOSURES,
    )
    teams = {
        team: people.create_team(name=team, by=SYSTEM, now=now).id
        for team in dict.fromkeys(team for *_facts, team in words.STAFF if team)
    }
    return [
        people.create_user(
            email=email if role == "admin" else f"{mail}@{DOMAIN}",
            name=person,
            role=role,
            password=password,
            by=SYSTEM,
            now=now,
            teams=[teams[team]] if team else [],
        )
        for mail, person, role, team in words.STAFF
    ]
