"""An account counts under every name that its events came with, a person once under all of theirs."""

from datetime import date

import polars as pl
import pytest

from banso.accounts import actions as accounts
from banso.accounts.testing import an_account
from banso.people.access import SYSTEM
from banso.usage import actions
from banso.usage import queries as usage
from banso.usage.models import Alias, Attachment, manifest
from banso.usage.queries import Measure
from banso.usage.testing import NOW, events, recorded

pytestmark = pytest.mark.django_db

APRIL = date(2026, 4, 2)
MEASURES = (Measure("n", "events"), Measure("people", "active_people"))


def _link(account_id: int, name: str, source: str = "product") -> None:
    accounts.link_external_id(account_id=account_id, source=source, value=name, by=SYSTEM, now=NOW)


def _rolled_up() -> None:
    actions.roll_up(NOW, time_zone="Asia/Tokyo")


def _measured() -> dict[str, tuple[float, float]]:
    found = usage.measures_on(MEASURES, APRIL)
    return {account: (n, people) for account, n, people in found.rows()}


def _use(*rows: tuple[str, str | None]) -> None:
    recorded(
        events(*((f"2026-03-{10 + at}T03:00:00", account, person, "x") for at, (account, person) in enumerate(rows)))
    )


def test_two_names_of_one_account_are_added_up_and_a_person_in_both_counts_once() -> None:
    acme = an_account("A-1")
    _use(("A-1", "taro"), ("acme.example", "taro"), ("acme.example", "hanako"), ("other", "jiro"))
    assert _measured() == {"A-1": (1, 1), "acme.example": (2, 2), "other": (1, 1)}

    _link(acme, "acme.example")
    _rolled_up()

    assert _measured() == {"A-1": (3, 2), "other": (1, 1)}
    weekly = usage.measures_by_week(MEASURES, [date(2026, 3, 30)]).filter(pl.col("account") == "A-1")
    assert weekly.select("n", "people").row(0) == (3, 2)
    assert [row.person for row in usage.people_of("A-1", date(2026, 3, 1), APRIL)] == ["taro", "hanako"]


def test_what_comes_later_under_the_other_name_is_added_too() -> None:
    acme = an_account("A-1")
    _use(("A-1", "taro"))
    _link(acme, "acme.example")
    _use(("acme.example", "taro"), ("acme.example", "saburo"))
    assert _measured() == {"A-1": (3, 2)}


def test_a_name_alone_goes_over_to_the_account_that_claims_it_for_all_past_weeks() -> None:
    _use(("acme.example", "taro"))
    _link(an_account("A-1"), "acme.example")
    _rolled_up()
    assert _measured() == {"A-1": (1, 1)}
    assert usage.measures_by_week(MEASURES, [date(2026, 3, 16)])["account"].to_list() == ["A-1"]


def test_a_name_that_is_taken_away_again_is_counted_by_itself_again() -> None:
    acme = an_account("A-1")
    _use(("A-1", "taro"), ("acme.example", "taro"), ("acme.example", "hanako"))
    _link(acme, "acme.example")
    _rolled_up()
    _link(acme, "another.example")
    _rolled_up()
    assert _measured() == {"A-1": (1, 1), "acme.example": (2, 2)}


def test_a_person_who_signs_in_is_the_visitor_of_before() -> None:
    _use(("acme", "visitor-1"), ("acme", "taro"), ("acme", "visitor-2"))
    assert _measured() == {"acme": (3, 3)}
    Alias.objects.create(previous="visitor-1", person="taro", since_at=NOW)
    Alias.objects.create(previous="visitor-2", person="hanako", since_at=NOW)
    _rolled_up()
    assert _measured() == {"acme": (3, 2)}
    assert [(row.person, row.n) for row in usage.people_of("acme", date(2026, 3, 1), APRIL)] == [
        ("taro", 2),
        ("hanako", 1),
    ]


def test_usage_without_an_account_is_attached_and_detached() -> None:
    acme = an_account("A-1")
    _use(("A-1", "hanako"), ("~user:taro", "taro"))
    attachment = Attachment.objects.create(name="~user:taro", account_id=acme, made_at=NOW)
    _rolled_up()
    assert _measured() == {"A-1": (2, 2)}
    attachment.delete()
    _rolled_up()
    assert _measured() == {"A-1": (1, 1), "~user:taro": (1, 1)}


def test_only_months_with_what_moved_are_written_anew() -> None:
    acme = an_account("A-1")
    recorded(events(("2026-01-10T03:00:00", "A-1", "taro", "x"), ("2026-03-10T03:00:00", "A-1", "taro", "x")))
    recorded(events(("2026-03-11T03:00:00", "acme.example", "taro", "x")))
    before = manifest.current().roll_up.months
    _link(acme, "acme.example")
    _rolled_up()
    after = manifest.current().roll_up.months
    assert [month for month in after if after[month] != before[month]] == ["2026-03"]
    assert not usage.needs_rolling_up()


def test_moments_of_every_name_are_on_the_accounts_timeline() -> None:
    acme = an_account("A-1")
    recorded(events(("2026-03-10T03:00:00", "acme.example", None, "ticket.opened")))
    _link(acme, "acme.example")
    _rolled_up()
    assert [(row.account, row.name) for row in usage.moments_of("A-1")] == [("A-1", "ticket.opened")]
