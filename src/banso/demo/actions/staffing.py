"""The lifelike company itself: its name, its calendar, its teams and staff."""

import json
import os
import secrets
from datetime import datetime
from pathlib import Path
from typing import Final

from django.conf import settings

from banso.demo.rules import words
from banso.people import actions as people
from banso.people.access import SYSTEM, User

COMPANY: Final = "伴走サンプル株式会社"
CLOSURES: Final = ("12-29", "12-30", "12-31", "01-02", "01-03")
DOMAIN: Final = "banso.example"


def credentials_file() -> Path:
    """Return where the sign-in of a demo is kept, readable by its owner alone."""
    return Path(settings.DATA) / "demo_credentials.json"


def hire(*, currency: str, now: datetime, name: str = COMPANY) -> list[User]:
    """Set up the company, its teams and its staff in the order of words.STAFF; the password is kept in a file."""
    people.set_company(
        by=SYSTEM, now=now, name=name, language="ja", time_zone="Asia/Tokyo", currency=currency, country="JP",
        fiscal_year_starts_in=4, closures=CLOSURES,
    )  # fmt: skip
    teams = {
        name: people.create_team(name=name, by=SYSTEM, now=now).id
        for name in dict.fromkeys(team for *_facts, team in words.STAFF if team)
    }
    password = secrets.token_urlsafe(9)
    staff = [
        people.create_user(
            email=f"{mail}@{DOMAIN}",
            name=name,
            role=role,
            password=password,
            by=SYSTEM,
            now=now,
            teams=[teams[team]] if team else [],
        )
        for mail, name, role, team in words.STAFF
    ]
    _keep(staff[0].email, password)
    return staff


def _keep(email: str, password: str) -> None:
    path = credentials_file()
    text = json.dumps({"email": email, "password": password})
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
