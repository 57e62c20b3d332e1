"""Addresses of what the installation does by itself."""

from django.urls import path

from banso.operations import pages

app_name = "operations"

urlpatterns = [
    path("", pages.jobs, name="jobs"),
    path("jobs/<uuid:job_id>/", pages.job, name="job"),
    path("jobs/<uuid:job_id>/retry/", pages.retry, name="retry"),
    path("schedule/", pages.schedule, name="schedule"),
    path("schedule/<int:schedule_id>/pause/", pages.pause, name="pause"),
    path("schedule/<int:schedule_id>/resume/", pages.resume, name="resume"),
    path("schedule/<int:schedule_id>/run/", pages.run_now, name="run_now"),
]
