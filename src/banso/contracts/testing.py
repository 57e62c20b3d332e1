"""A contract for everyone's tests, built through the real actions."""

from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from banso.contracts import actions
from banso.contracts.actions import ContractInput, LineInput
from banso.people.testing import AN_ACTOR

A_MOMENT: Final = datetime(2026, 11, 24, 0, 0, tzinfo=UTC)


class Weekdays:
    """A calendar without holidays: Monday to Friday are worked on."""

    def is_business_day(self, day: date) -> bool:
        """Return whether a day is one of Monday to Friday."""
        return day.isoweekday() <= 5  # noqa: PLR2004  # Friday

    def add(self, day: date, count: int) -> date:
        """Return the day that lies some business days after another, or before it."""
        while count:
            day += timedelta(days=1 if count > 0 else -1)
            count -= (1 if count > 0 else -1) * self.is_business_day(day)
        return day


WEEKDAYS: Final = Weekdays()


def a_line(external_id: str = "plan", **said: Any) -> LineInput:
    """Return a plan of 10,000 a month, or another line by what is said (as in LineInput)."""
    usual: dict[str, Any] = {"name": "スタンダード", "amount_minor": 10_000}
    if "term_days" not in said and said.get("kind", "plan") in {"plan", "option", "seats"}:
        usual["term_months"] = 1
    return LineInput(external_id=external_id, **{**usual, **said})


def a_contract(
    account: str = "acme", external_id: str = "", *, calendar: Any = WEEKDAYS, now: datetime = A_MOMENT, **said: Any
) -> int:
    """Add a contract of an account (by its external id) since 2026-04-01, or another by what is said; return its id."""
    usual: dict[str, Any] = {"starts_on": date(2026, 4, 1), "lines": [a_line()]}
    row = ContractInput(external_id or f"{account}-k1", account_external_id=account, **{**usual, **said})
    result = actions.save_contracts([row], by=AN_ACTOR, now=now, calendar=calendar)
    if result.refused:
        raise ValueError(" ".join(actions.sentence(fault) for fault in result.refused))
    return result.rows[0].id
