"""A small cast of staff for everyone's tests, built through the real actions."""

from collections.abc import Iterable
from datetime import UTC, datetime

from banso.people import actions
from banso.people.access import Actor, User
from banso.people.queries import KeyRow

A_MOMENT = datetime(2026, 11, 24, 0, 0, tzinfo=UTC)
AN_ACTOR = Actor(kind="system", id=None, label="A test")
PASSWORD = "seven-otters-hum-softly"  # noqa: S105  # made up


def a_user(
    email: str = "aoki@banso.example",
    *,
    name: str = "青木 葵",
    role: str = "admin",
    password: str | None = None,
    language: str = "en",
    time_zone: str = "Asia/Tokyo",
    reach: str = "all",
    teams: Iterable[int] = (),
) -> User:
    """Add a user; without a password (hashing one is slow) they come in by `client.force_login`."""
    return actions.create_user(
        email=email,
        name=name,
        role=role,
        password=password,
        language=language,
        time_zone=time_zone,
        reach=reach,
        teams=teams,
        by=AN_ACTOR,
        now=A_MOMENT,
    )


def an_admin() -> User:
    """Add 青木 葵, who governs the installation."""
    return a_user()


def a_manager() -> User:
    """Add 馬場 文, who runs customer success."""
    return a_user("baba@banso.example", name="馬場 文", role="manager")


def a_csm() -> User:
    """Add 千葉 千尋, who looks after accounts."""
    return a_user("chiba@banso.example", name="千葉 千尋", role="csm")


def a_reader() -> User:
    """Add 土井 大, who may only look."""
    return a_user("doi@banso.example", name="土井 大", role="read_only")


def a_team(name: str = "東日本") -> int:
    """Make a team and return its id."""
    return actions.create_team(name=name, by=AN_ACTOR, now=A_MOMENT).id


def a_key(scope: str = "read") -> tuple[KeyRow, str]:
    """Make an API key and return it with its secret."""
    return actions.create_key(name=f"A {scope} key", scope=scope, by=AN_ACTOR, now=A_MOMENT)
