"""Addresses of intake, under `/imports/`."""

from django.urls import path

from banso.intake import pages
from banso.intake.pages import sources

app_name = "intake"
urlpatterns = [
    path("", pages.imports, name="imports"),
    path("quarantine/", pages.quarantine, name="quarantine"),
    path("quarantine/retry/", pages.retry_events, name="retry_events"),
    path("quarantine/discard/", pages.discard_events, name="discard_events"),
    path("quarantine/bring-back/", pages.bring_events_back, name="bring_events_back"),
    path("quarantine/events.<str:form>", pages.quarantine_file, name="quarantine_file"),
    path("quarantine/<int:event_id>/", pages.quarantined, name="quarantined"),
    path("new/", pages.upload, name="upload"),
    path("sources/", sources.sources, name="sources"),
    path("sources/new/", sources.add, name="add_source"),
    path("sources/<int:source_id>/", sources.show, name="source"),
    path("sources/<int:source_id>/change/", sources.change, name="change_source"),
    path("sources/<int:source_id>/pause/", sources.pause, name="pause_source"),
    path("sources/<int:source_id>/resume/", sources.resume, name="resume_source"),
    path("sources/<int:source_id>/run/", sources.run_now, name="run_source"),
    path("sources/<int:source_id>/remove/", sources.remove, name="remove_source"),
    path("sources/<int:source_id>/feeds/", sources.add_feed, name="add_feed"),
    path("feeds/<int:feed_id>/sample/", sources.sample, name="sample_feed"),
    path("feeds/<int:feed_id>/again/", sources.start_over, name="start_over"),
    path("feeds/<int:feed_id>/remove/", sources.remove_feed, name="remove_feed"),
    path("<int:import_id>/", pages.show, name="show"),
    path("<int:import_id>/columns/", pages.columns, name="columns"),
    path("<int:import_id>/reading/", pages.reading, name="reading"),
    path("<int:import_id>/preview/", pages.preview, name="preview"),
    path("<int:import_id>/progress/", pages.progress, name="progress"),
    path("<int:import_id>/cancel/", pages.cancel, name="cancel"),
    path("<int:import_id>/errors.csv", pages.errors, name="errors"),
    path("<int:import_id>/report.csv", pages.report, name="report"),
]
