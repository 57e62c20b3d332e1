"""Addresses of usage."""

from django.urls import path

from banso.usage.pages import releases, unclaimed

app_name = "usage"

urlpatterns = [
    path("unclaimed/", unclaimed.unclaimed, name="unclaimed"),
    path("unclaimed/attach/", unclaimed.attach, name="attach"),
    path("unclaimed/add-accounts/", unclaimed.add_accounts, name="add_accounts"),
    path("unclaimed/set-aside/", unclaimed.set_aside, name="set_aside"),
    path("unclaimed/take-back/", unclaimed.take_back, name="take_back"),
    path("unclaimed/usage.csv", unclaimed.unclaimed_file, name="unclaimed_file"),
    path("releases/", releases.releases, name="releases"),
    path("releases/add/", releases.add, name="add_release"),
    path("releases/<int:release_id>/", releases.change, name="release"),
    path("releases/<int:release_id>/remove/", releases.remove, name="remove_release"),
]
