"""Every address of an installation, by area."""

from django.urls import include, path

from banso.site import api, pages

urlpatterns = [
    path("healthz", pages.healthz, name="healthz"),
    path("api/v1/", include(api.urls)),
    path("account/", include("allauth.urls")),
    path("ui/", include("banso.ui.urls")),
]
