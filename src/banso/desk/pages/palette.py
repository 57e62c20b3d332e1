"""The command palette: any account or page, a few letters away."""

from django.http import HttpRequest, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from banso.accounts import queries as accounts
from banso.people.access import StaffRequest, may, requires

MOST = 12


@requires("accounts.view")
def palette(request: StaffRequest) -> JsonResponse:
    """Answer with pages and accounts that match the letters typed."""
    text = request.GET.get("q", "").strip()[:100]
    return JsonResponse([*_accounts(request, text), *_pages(request, text)][:MOST], safe=False)


def _accounts(request: StaffRequest, text: str) -> list[dict[str, str]]:
    if not text:
        return []
    found = accounts.visible_to(request.user).filter(accounts.matching(text))
    rows = found.order_by("sort_key", "pk").values_list("pk", "name", "external_id")[:MOST]
    return [{"label": name, "hint": hint, "url": reverse("desk:account", args=[pk])} for pk, name, hint in rows]


def _pages(request: HttpRequest, text: str) -> list[dict[str, str]]:
    pages = [
        (_("Today"), "desk:today", "accounts.view"),
        (_("Accounts"), "desk:portfolio", "accounts.view"),
        (_("Add an account"), "accounts:add", "accounts.change"),
        (_("Imports"), "intake:imports", "intake.import"),
        (_("Import a file"), "intake:upload", "intake.import"),
        (_("Sources"), "intake:sources", "intake.sources"),
        (_("Measures"), "measures:catalogue", "usage.view"),
        (_("Matrix"), "health:matrix", "health.view"),
        (_("Scorecard"), "health:scorecard", "health.view"),
        (_("Score and pulse"), "health:disagreements", "health.view"),
        (_("Settings"), "people:settings", "accounts.view"),
    ]
    return [
        {"label": label, "hint": _("Page"), "url": reverse(name)}
        for label, name, permission in pages
        if may(request.user, permission) and text.casefold() in label.casefold()  # type: ignore[arg-type]  # behind requires
    ]
