"""What the charts of an account draw."""

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from banso.desk.queries.account import Use, Week
    from banso.desk.queries.adoption import Detail


def health_chart(weeks: "list[Week]") -> dict[str, Any] | None:
    """Return the line of weekly scores, 0–100; None where fewer than two weeks are known."""
    if sum(week.score is not None for week in weeks) < 2:  # noqa: PLR2004  # a line has two ends
        return None
    return {
        "kind": "line",
        "x": [week.on for week in weeks],
        "x_label": _("Week from"),
        "series": [{"name": _("Score"), "values": [week.score for week in weeks]}],
        "min": 0,
        "max": 100,
    }


def use_chart(use: "Use") -> dict[str, Any] | None:
    """Return people and events by week; None where there is no use."""
    if not use.weeks:
        return None
    series = [{"name": _("Events"), "values": [week.n for week in use.weeks]}]
    if any(week.people for week in use.weeks):
        series.insert(0, {"name": _("Active people"), "values": [week.people for week in use.weeks]})
    return {
        "kind": "line",
        "x": [week.on for week in use.weeks],
        "x_label": _("Week from"),
        "series": series,
        "min": 0,
    }


def adoption_chart(found: "Detail") -> dict[str, Any] | None:
    """Return adoption by week and segment in per cent; None where nobody could use the feature."""
    if not found.lines:
        return None
    return {
        "kind": "line",
        "x": found.mondays,
        "x_label": _("Week from"),
        "series": [{"name": label or _("No segment"), "values": values} for label, values in found.lines],
        "min": 0,
        "max": 100,
    }
