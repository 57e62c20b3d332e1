"""Every address of an installation, by area."""

from django.urls import include, path, re_path

from banso.intake.rest import events
from banso.site import api, pages

urlpatterns = [
    path("healthz", pages.healthz, name="healthz"),
    # The server asks it before Django (wsgi.py); here it stands for everything that walks the addresses.
    re_path(r"^v1/(?P<call>.*)$", events.door, name="events"),
    path("api/v1/", include(api.urls)),
    path("account/", include("banso.people.urls.sign_in")),
    path("settings/audit/", include("banso.journal.urls")),
    path("settings/", include("banso.people.urls")),
    path("operations/state/", pages.state, name="state"),
    path("operations/", include("banso.operations.urls")),
    path("ui/", include("banso.ui.urls")),
    path("contracts/", include("banso.contracts.urls")),
    path("growth/", include("banso.growth.urls")),
    path("health/", include("banso.health.urls")),
    path("imports/", include("banso.intake.urls")),
    path("usage/measures/", include("banso.health.urls.measures")),
    path("usage/", include("banso.usage.urls")),
    path("accounts/", include("banso.accounts.urls")),
    path("", include("banso.desk.urls")),
]
