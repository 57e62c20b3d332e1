"""Filters and tags that write figures, dates and addresses in the reader's language."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django import template
from django.http import HttpRequest
from django.template.context import Context
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from banso.shared.money import Form, written
from banso.ui import rules

register = template.Library()


def language() -> str:
    """Return the reader's language: ja or en."""
    return (get_language() or "en")[:2]


def no_value() -> SafeString:
    """Return what stands where there is no value: a dash that is read aloud."""
    return format_html(
        '<span class="muted"><span aria-hidden="true">—</span><span class="visually-hidden">{}</span></span>',
        _("No value"),
    )


@register.simple_tag
def money(minor: int | None, currency: str, form: Form = "short") -> str:
    """Write an amount of minor units in its currency; `form` is short (lists, figures) or full (forms, exports)."""
    return no_value() if minor is None else written(int(minor), currency, language=language(), form=form)


@register.filter
def day(value: date | None) -> str:
    """Write a date, a moment's date being that of the reader's time zone."""
    if not value:
        return no_value()
    return rules.day(timezone.localtime(value).date() if isinstance(value, datetime) else value, language())


@register.filter
def moment(value: datetime | None) -> str:
    """Write a moment in the reader's time zone, to the minute."""
    return rules.moment(timezone.localtime(value), language()) if value else no_value()


@register.filter
def countdown(days: int | None) -> str:
    """Write how many days are left: 12 days left, today, 3 days overdue."""
    if days is None:
        return no_value()
    if days == 0:
        return _("Today")
    if days > 0:
        return ngettext("%(days)s day left", "%(days)s days left", days) % {"days": f"{days:,}"}
    return ngettext("%(days)s day overdue", "%(days)s days overdue", -days) % {"days": f"{-days:,}"}


@register.filter
def duration(value: timedelta | float | None) -> str:
    """Write how long something took: 0.4 s, 12 s, 3 min 5 s, 2 h 10 min."""
    if value is None:
        return no_value()
    seconds = value.total_seconds() if isinstance(value, timedelta) else float(value)
    forms = {"h": _("%(n)s h"), "min": _("%(n)s min"), "s": _("%(n)s s")}
    written = [forms[unit] % {"n": figure} for unit, figure in rules.clock_parts(seconds)]
    return ("" if language() == "ja" else " ").join(written)


@register.filter
def number(value: float | Decimal | None, places: int = 0) -> str:
    """Write a number with commas."""
    return no_value() if value is None else rules.number(value, places)


@register.filter
def signed(value: float | Decimal | None, places: int = 0) -> str:
    """Write a change with its sign."""
    return no_value() if value is None else rules.signed(value, places)


@register.filter
def signed_percent(change: float | None) -> str:
    """Write a change as whole per cent with its sign; nothing where there is none."""
    return no_value() if change is None else f"{signed(100 * change)}%"


@register.filter
def percent(share: float | Decimal | None, places: int = 0) -> str:
    """Write a share of one as a percentage."""
    return no_value() if share is None else rules.percent(share, places)


@register.filter
def filled(value: object) -> object:
    """Return the value, or the dash that is read aloud where there is none."""
    return no_value() if value is None or value == "" else value


@register.simple_tag(takes_context=True)
def query_with(context: Context, **changes: Any) -> str:
    """Return this page's query string with parameters changed; None removes one."""
    return rules.with_query(_query(context), **changes)


@register.simple_tag(takes_context=True)
def query_without(context: Context, name: str, value: object) -> str:
    """Return this page's query string less one value of one parameter."""
    return rules.without_value(_query(context), name, str(value))


def _query(context: Context) -> str:
    request = context.get("request")
    return request.GET.urlencode() if isinstance(request, HttpRequest) else ""
