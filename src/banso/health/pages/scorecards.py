"""How the score is made: the definition in force, templates to start from, versions."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from banso.accounts import queries as accounts
from banso.health import actions, queries
from banso.health.forms import PublishForm
from banso.health.rules import TEMPLATES, Definition, suggest_template
from banso.people import queries as people
from banso.people.access import StaffRequest, actor_of, may, requires


@requires("health.view")
def scorecard(request: StaffRequest) -> HttpResponse:
    """Show the definition in force, the templates that the data carries, and the versions."""
    today = people.today(people.company(), timezone.now())
    data = queries.available(today)
    suggested = suggest_template(data) if data.has_usage else ""
    current = queries.current_scorecard()
    context = {
        "card": current,
        "templates": [
            {
                "key": one.key,
                "name": queries.said(one.name),
                "about": queries.said(one.about),
                "stands": one.stands_on(data),
                "is_suggested": one.key == suggested,
            }
            for one in TEMPLATES.values()
        ],
        "versions": queries.scorecards(),
        "has_usage": data.has_usage,
        "may_define": may(request.user, "health.define"),
        "drafts": queries.drafts() if may(request.user, "health.define") else [],
        "may_edit": may(request.user, "usage.define"),
        "may_see_measures": may(request.user, "usage.view"),
        "spread": spread(queries.distribution(accounts.visible_to(request.user))) if current else None,
        **(in_words(current.definition) if current else {}),
    }
    return render(request, "health/scorecard.html", context)


@requires("health.define")
def preview(request: StaffRequest, key: str) -> HttpResponse:
    """Show what a template, fitted to the company's accounts, would say today; nothing is kept."""
    if key not in TEMPLATES:
        raise Http404
    today = people.today(people.company(), timezone.now())
    definition = actions.from_template(key, on=today)
    found = queries.preview(definition, on=today, visible=accounts.visible_to(request.user))
    context = {
        "name": queries.said(TEMPLATES[key].name),
        "about": queries.said(TEMPLATES[key].about),
        "form": PublishForm(initial={"template": key}),
        "spread": spread(found.distribution),
        "changed": found.changed,
        "now": spread(queries.distribution(accounts.visible_to(request.user))),
        **in_words(definition),
    }
    return render(request, "health/preview.html", context)


@require_POST
@requires("health.publish")
def publish(request: StaffRequest) -> HttpResponse:
    """Put a template in force as the next version, and have all scores made anew."""
    form = PublishForm(request.POST)
    if not form.is_valid():
        raise Http404
    now = timezone.now()
    definition = actions.from_template(form.cleaned_data["template"], on=people.today(people.company(), now))
    made = actions.publish(definition, by=actor_of(request.user), now=now, note=form.cleaned_data["note"])
    _say_published(request, made.version)
    return redirect("health:scorecard")


@requires("health.view")
def version(request: StaffRequest, number: int) -> HttpResponse:
    """Show a version as it was published."""
    found = queries.scorecard_of_version(number)
    if found is None:
        raise Http404
    may_go_back = may(request.user, "health.publish") and not found.is_in_force
    before = number - 1 if number > 1 else None
    context = {"card": found, "before": before, "may_go_back": may_go_back, **in_words(found.definition)}
    return render(request, "health/version.html", context)


@require_POST
@requires("health.publish")
def publish_again(request: StaffRequest, number: int) -> HttpResponse:
    """Put an earlier version in force again, as the next one; the same way leads back."""
    note = _("As version %(version)s") % {"version": number}
    try:
        made = actions.publish_again(version=number, by=actor_of(request.user), now=timezone.now(), note=note)
    except actions.UnknownVersion as unknown:
        raise Http404 from unknown
    _say_published(request, made.version)
    return redirect("health:scorecard")


@requires("health.view")
def how(request: StaffRequest) -> HttpResponse:
    """Explain how a score comes about, with the scorecard in force as the example."""
    current = queries.current_scorecard()
    return render(request, "health/how.html", {"card": current, **(in_words(current.definition) if current else {})})


def _say_published(request: StaffRequest, version: int) -> None:
    text = _("Version %(version)s was published. The scores are being computed; this takes a minute or two.")
    messages.success(request, text % {"version": version})


def in_words(definition: Definition) -> dict[str, object]:
    """Return a definition as pages show it."""
    return {
        "definition": definition,
        "measures": queries.described(definition),
        "levels": list(enumerate(definition.levels, start=2)),
        "scales": definition.scales,
        "exceptions": queries.exception_texts(definition),
        "rollup": queries.rollup_text(definition),
        "overrides": definition.overrides,
    }


def spread(found: queries.Distribution) -> dict[str, object]:
    """Return a distribution as the chart and the figures of pages want it."""
    return {
        "conditions": [(name, found.conditions.get(name, 0)) for name in ("good", "normal", "poor", "unknown")],
        "chart": {
            "kind": "bar",
            "x": [f"{low}–{low + 10}" for low in range(0, 100, 10)],
            "x_label": _("Score"),
            "unit": _("accounts"),
            "series": [{"name": _("Accounts"), "values": list(found.bins)}],
        },
        "unknown": found.unknown,
    }
