"""What the chart of one quantity draws: what was used, the limit, and the fan of what may come."""

from collections.abc import Iterable
from datetime import date
from typing import Any, Final

from django.utils.translation import gettext as _

from banso.accounts import queries as accounts
from banso.growth.queries.gathering import courses, quantities
from banso.growth.rules import Fan, fan

# So far ahead a level is drawn, and an amount at most.
DRAWN_DAYS: Final = 90
# A term is drawn from so many days before today.
PAST_DAYS: Final = 180


def charts_of(account_id: int, line_ids: Iterable[int], *, today: date) -> dict[int, dict[str, Any]]:
    """Return the charts of some quantities of an account by line; what nothing was counted of has none."""
    wanted = set(line_ids)
    if not wanted:
        return {}
    # What departments use counts for the account, but for what they have limits of their own for.
    found = quantities(today, accounts.subtree_ids(account_id))
    counted = courses(found, today)
    charts = {}
    for one in found:
        line = one.row.line_id
        if line in wanted and line in counted:
            drawn = fan(counted[line], one.held, today=today, seed=line, days=_days(one.held.ends_on, today))
            charts[line] = _chart(drawn, one.held.limit, one.row.unit)
    return charts


def _days(ends_on: date | None, today: date) -> int:
    return DRAWN_DAYS if ends_on is None else min(DRAWN_DAYS, max(1, (ends_on - today).days))


def _chart(drawn: Fan, limit: int, unit: str) -> dict[str, Any]:
    past = drawn.so_far[-PAST_DAYS:]
    # Today stands on both sides: what came so far, and what the whole day may bring.
    days = [day for day, _value in past] + [day for day, *_values in drawn.coming if day > past[-1][0]]
    used = {day: round(value, 2) for day, value in past}
    coming = {day: [round(value, 2) for value in values] for day, *values in drawn.coming}
    names = (_("1 in 10 is lower"), _("Middle of what may come"), _("1 in 10 is higher"))
    series: list[dict[str, Any]] = [{"name": _("Used"), "values": [used.get(day) for day in days]}]
    if coming:
        series += [
            {"name": name, "values": [coming[day][place] if day in coming else None for day in days]}
            for place, name in enumerate(names)
        ]
    return {
        "kind": "line",
        "x": days,
        "x_label": _("Day"),
        "unit": unit,
        "series": series,
        "marks": [{"y": limit, "label": _("Limit")}],
        "min": 0,
        "max": _top(series, limit),
    }


def _top(series: list[dict[str, Any]], limit: int) -> float:
    """Return a height that also shows the limit."""
    highest = max([limit, *(value for one in series for value in one["values"] if value is not None)])
    return float(round(highest * 1.05, 2)) or 1.0
