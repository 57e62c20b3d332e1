"""Addresses of usage."""

from django.urls import path

from banso.usage.pages import releases

app_name = "usage"

urlpatterns = [
    path("releases/", releases.releases, name="releases"),
    path("releases/add/", releases.add, name="add_release"),
    path("releases/<int:release_id>/", releases.change, name="release"),
    path("releases/<int:release_id>/remove/", releases.remove, name="remove_release"),
]
