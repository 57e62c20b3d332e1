"""The catalogue of measures: what each counts, over whom, since which version; add, change, retire, go back."""

from datetime import date
from http import HTTPStatus

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from banso.accounts import queries as accounts
from banso.health import actions, queries
from banso.health.forms import MeasureForm
from banso.health.rules import Count, lines_of
from banso.health.rules.spreads import Spread
from banso.people import queries as people
from banso.people.access import StaffRequest, actor_of, may, requires
from banso.usage import queries as usage


@require_safe
@requires("usage.view")
def catalogue(request: StaffRequest) -> HttpResponse:
    """List all measures in words, with their values over the accounts that one sees."""
    rows = queries.catalogue(queries.measures(), on=_today(), visible=accounts.visible_to(request.user))
    context = {
        "rows": rows,
        "retired": [one for one in queries.measures(with_retired=True) if one.is_retired],
        "may_define": may(request.user, "usage.define"),
    }
    return render(request, "health/measures.html", context)


@require_safe
@requires("usage.view")
def measure(request: StaffRequest, key: str) -> HttpResponse:
    """Show one measure: its expression, its distribution, and its versions with what changed."""
    versions = queries.measure_versions(key)
    if not versions:
        raise Http404
    newest = versions[0]
    on = _today()
    known: usage.Known = "received" if request.GET.get("known") == "received" else "event"
    [row] = queries.catalogue([newest], on=on, visible=accounts.visible_to(request.user))
    before = [*(one.count for one in versions[1:]), None]
    context = {
        "row": row,
        "newest": newest,
        "on": on,
        "sql": queries.sql_text(newest.count, on=on),
        "chart": _chart(newest.count, row.values.spread),
        "known": known,
        "course": _course(request, newest.count, on=on, known=known),
        "versions": [(one, list(lines_of(was, one.count))) for one, was in zip(versions, before, strict=True)],
        "may_define": may(request.user, "usage.define"),
    }
    return render(request, "health/measure.html", context)


@requires("usage.define")
def add(request: StaffRequest) -> HttpResponse:
    """Add a measure, after seeing it on real accounts if one likes."""
    return _edited(request, None)


@requires("usage.define")
def change(request: StaffRequest, key: str) -> HttpResponse:
    """Change a measure by a new version."""
    versions = queries.measure_versions(key)
    if not versions:
        raise Http404
    return _edited(request, versions[0].count)


@require_POST
@requires("usage.define")
def usual(request: StaffRequest) -> HttpResponse:
    """Define the measures that scorecards usually weigh."""
    made = actions.define_usual(by=actor_of(request.user), now=timezone.now())
    messages.success(request, _("%(count)s measures were added.") % {"count": len(made)})
    return redirect("measures:catalogue")


@require_POST
@requires("usage.define")
def retire(request: StaffRequest, key: str) -> HttpResponse:
    """Take a measure out of the catalogue; going back to a version brings it back."""
    try:
        actions.retire(key=key, by=actor_of(request.user), now=timezone.now())
    except actions.UnknownMeasure as unknown:
        raise Http404 from unknown
    messages.success(request, _("The measure was retired. To bring it back, go back to one of its versions."))
    return redirect("measures:measure", key)


@require_POST
@requires("usage.define")
def roll_back(request: StaffRequest, key: str, version: int) -> HttpResponse:
    """Put what an earlier version said in force again."""
    try:
        made = actions.roll_back(key=key, version=version, by=actor_of(request.user), now=timezone.now())
    except actions.UnknownMeasure as unknown:
        raise Http404 from unknown
    text = _("Version %(version)s says again what version %(earlier)s said, and is in force.")
    messages.success(request, text % {"version": made.version, "earlier": version})
    return redirect("measures:measure", key)


def _edited(request: StaffRequest, before: Count | None) -> HttpResponse:
    form = MeasureForm(
        request.POST or None,
        choices=queries.measure_choices(before),
        properties=sorted({name for names in usage.properties_seen().values() for name in names}),
        key=before.key if before else "",
        initial=_initial(before) if before else None,
    )
    preview = None
    if request.method == "POST" and form.is_valid():
        if faults := queries.count_faults(form.count):
            for field, text in faults:
                form.add_error(field if field in form.fields else None, text)
        elif not before and queries.measure_versions(form.count.key):
            form.add_error("key", _("There is a measure of this key. Choose another, or change that one."))
        elif "preview" in request.POST:
            preview = _preview(request, form.count)
        else:
            return _saved(request, form)
    status = HTTPStatus.OK if preview or request.method != "POST" else HTTPStatus.UNPROCESSABLE_ENTITY
    return render(
        request, "health/measure_form.html", {"form": form, "before": before, **(preview or {})}, status=status
    )


def _saved(request: StaffRequest, form: MeasureForm) -> HttpResponse:
    note = form.cleaned_data["note"]
    made = actions.define(form.count, by=actor_of(request.user), now=timezone.now(), note=note)
    messages.success(request, _("Version %(version)s is in force.") % {"version": made.version})
    return redirect("measures:measure", made.key)


def _preview(request: StaffRequest, count: Count) -> dict[str, object]:
    found = queries.values_of([count], on=_today(), visible=accounts.visible_to(request.user))[count.key]
    return {
        "values": found,
        "chart": _chart(count, found.spread),
        "meaning": queries.expression_text(count, queries.feature_labels()),
    }


def _initial(count: Count) -> dict[str, object]:
    return {
        "label_ja": count.label.ja,
        "label_en": count.label.en,
        **{name: getattr(count, name) for name in ("kind", "window_days", "of", "against", "per", "level", "value_of")},
        "events": list(count.events),
        "where": "\n".join(count.where),
    }


def _chart(count: Count, spread: Spread) -> dict[str, object]:
    """Return the histogram of accounts by value."""
    steps = [(queries.value_text(count, low), queries.value_text(count, high)) for low, high, _n in spread.bins]
    return {
        "kind": "bar",
        "x": [f"{low}–{high}" for low, high in steps],
        "x_label": _("Value"),
        "unit": _("accounts"),
        "series": [{"name": _("Accounts"), "values": [n for _low, _high, n in spread.bins]}],
    }


def _course(request: StaffRequest, count: Count, *, on: date, known: usage.Known) -> dict[str, object] | None:
    """Return the chart of a measure over the last weeks; None where nobody had a value."""
    rows = queries.course(count, until=on, visible=accounts.visible_to(request.user), known=known)
    if not any(row.known for row in rows):
        return None
    factor = 100 if count.unit == "percent" else 1
    names = {"high": _("90th of 100 accounts"), "middle": _("Middle account"), "low": _("10th of 100 accounts")}

    def values(name: str) -> list[float | None]:
        found = [getattr(row, name) for row in rows]
        return [None if value is None else round(value * factor, 2) for value in found]

    return {
        "kind": "line",
        "x": [row.week for row in rows],
        "x_label": _("As of Monday"),
        "unit": str(queries.UNITS[count.unit]),
        "series": [{"name": label, "values": values(name)} for name, label in names.items()],
        "min": 0,
    }


def _today() -> date:
    return people.today(people.company(), timezone.now())
