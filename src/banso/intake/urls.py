"""Addresses of intake, under `/imports/`."""

from django.urls import path

from banso.intake import pages

app_name = "intake"
urlpatterns = [
    path("", pages.imports, name="imports"),
    path("new/", pages.upload, name="upload"),
    path("<int:import_id>/", pages.show, name="show"),
    path("<int:import_id>/columns/", pages.columns, name="columns"),
    path("<int:import_id>/reading/", pages.reading, name="reading"),
    path("<int:import_id>/preview/", pages.preview, name="preview"),
    path("<int:import_id>/progress/", pages.progress, name="progress"),
    path("<int:import_id>/cancel/", pages.cancel, name="cancel"),
    path("<int:import_id>/errors.csv", pages.errors, name="errors"),
    path("<int:import_id>/report.csv", pages.report, name="report"),
]
