"""Addresses of growth."""

from django.urls import path

from banso.growth import pages

app_name = "growth"
urlpatterns = [
    path("limits/", pages.limits, name="limits"),
    path("limits/export.<str:form>", pages.export, name="export"),
    path("limits/accounts/<int:account_id>/", pages.account, name="account"),
    path("limits/lines/<int:line_id>/link/", pages.link, name="link"),
]
