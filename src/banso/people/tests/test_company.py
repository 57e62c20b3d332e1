"""The company's settings: defaults until set, checked, written down."""

from datetime import UTC, date, datetime

import pytest

from banso.people import actions, queries
from banso.people.models import Change
from banso.people.testing import A_MOMENT, AN_ACTOR

pytestmark = pytest.mark.django_db


def test_before_anybody_sets_them_settings_are_the_operator_s() -> None:
    company = queries.company()
    assert (company.language, company.time_zone, company.currency, company.country) == ("ja", "Asia/Tokyo", "JPY", "JP")
    assert company.fiscal_year_starts_in == 4
    assert company.closures == ()


def test_data_of_the_past_is_looked_at_from_its_own_day() -> None:
    now = datetime(2026, 11, 24, 3, tzinfo=UTC)
    assert queries.today(queries.company(), now) == date(2026, 11, 24)
    actions.set_company(stands_on=date(2024, 12, 31), by=AN_ACTOR, now=A_MOMENT)
    assert queries.today(queries.company(), now) == date(2024, 12, 31)
    assert Change.objects.get().details == {"stands_on": [None, "2024-12-31"]}


def test_only_what_is_given_changes_and_only_differences_are_written_down() -> None:
    actions.set_company(name="伴走商事", closures=["12-30", "12-29", "12-29"], by=AN_ACTOR, now=A_MOMENT)
    actions.set_company(name="伴走商事", currency="USD", by=AN_ACTOR, now=A_MOMENT)
    actions.set_company(currency="USD", by=AN_ACTOR, now=A_MOMENT)
    company = queries.company()
    assert (company.name, company.currency, company.closures) == ("伴走商事", "USD", ("12-29", "12-30"))
    assert [change.details for change in Change.objects.order_by("pk")] == [
        {"name": ["", "伴走商事"], "closures": [[], ["12-29", "12-30"]]},
        {"currency": ["JPY", "USD"]},
    ]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("currency", "yen"),
        ("country", "Japan"),
        ("fiscal_year_starts_in", 13),
        ("closures", ["02-30"]),
        ("language", "xx"),
        ("time_zone", "Nowhere"),
    ],
)
def test_a_setting_that_cannot_be_is_refused(field: str, value: object) -> None:
    with pytest.raises(actions.UnknownChoice):
        actions.set_company(by=AN_ACTOR, now=A_MOMENT, **{field: value})  # type: ignore[arg-type]  # on purpose


def test_today_is_the_date_on_the_company_s_wall() -> None:
    late = datetime(2026, 11, 24, 15, 30, tzinfo=UTC)
    assert queries.today(queries.company(), late) == date(2026, 11, 25)
