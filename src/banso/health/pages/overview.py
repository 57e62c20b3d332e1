"""Where health begins: what there is to see, to define and to test, each with one sentence."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from banso.people.access import StaffRequest, may, requires


@require_safe
@requires("health.view")
def index(request: StaffRequest) -> HttpResponse:
    """List the pages of health that one may open."""
    shown = [
        (title, [page for page in pages if may(request.user, page.permission)])
        for title, pages in ((_("See"), _to_see()), (_("Define"), _to_define()))
    ]
    return render(request, "health/index.html", {"parts": shown})


@dataclass(frozen=True)
class PageOf:
    """A page of health: where it is, what is there, and what it takes to open it."""

    address: str
    name: str
    about: str
    permission: str = "health.view"


def _to_see() -> list[PageOf]:
    return [
        PageOf(
            "health:moved", _("What moved this week"), _("Whose score rose or fell, by cause and in one sentence each")
        ),
        PageOf(
            "health:overrides",
            _("Scores set by hand"),
            _("What people say in place of a computed score, and until when"),
        ),
        PageOf("health:alerts", _("Alerts"), _("Accounts whose use falls against their own past")),
        PageOf("health:matrix", _("Matrix"), _("Customers crossed by two of their measures, and who moved")),
        PageOf("health:markers", _("Features of those who stay"), _("What taking up a feature early says of staying")),
        PageOf("health:pulses", _("CSM pulses"), _("How CSMs see their customers, beside the score")),
        PageOf(
            "health:disagreements", _("Score and pulse"), _("Where the two disagree, and by when to speak with whom")
        ),
    ]


def _to_define() -> list[PageOf]:
    return [
        PageOf("health:scorecard", _("Scorecard"), _("Measures and weights that make the score, templates, versions")),
        PageOf(
            "measures:catalogue",
            _("Measures"),
            _("What is counted for every account, with versions"),
            "usage.view",
        ),
        PageOf("health:how", _("How the score is made"), _("From a value to points to a score, with our own example")),
    ]
