"""Every address of an installation, by area."""

from django.urls import include, path

urlpatterns = [
    path("account/", include("allauth.urls")),
    path("ui/", include("banso.ui.urls")),
]
