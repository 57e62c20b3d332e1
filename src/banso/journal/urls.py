"""Addresses of the audit."""

from django.urls import path

from banso.journal import pages

app_name = "journal"

urlpatterns = [
    path("", pages.audit, name="audit"),
    path("export.csv", pages.export, name="export"),
]
