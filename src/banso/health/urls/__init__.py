"""Addresses of health."""

from django.urls import path

from banso.health.pages import pulses, scorecards

app_name = "health"
urlpatterns = [
    path("accounts/<int:account_id>/pulse/", pulses.pulse, name="pulse"),
    path("pulses/", pulses.pulses, name="pulses"),
    path("pulses/<int:pulse_id>/withdraw/", pulses.withdraw, name="withdraw"),
    path("scorecard/", scorecards.scorecard, name="scorecard"),
    path("scorecard/templates/<slug:key>/", scorecards.preview, name="preview"),
    path("scorecard/publish/", scorecards.publish, name="publish"),
    path("scorecard/versions/<int:number>/", scorecards.version, name="version"),
    path("scorecard/versions/<int:number>/again/", scorecards.publish_again, name="publish_again"),
    path("how/", scorecards.how, name="how"),
]
