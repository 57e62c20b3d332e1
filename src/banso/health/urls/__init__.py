"""Addresses of health."""

from django.urls import path

from banso.health.pages import alerts, disagreements, drafts, matrices, overrides, overview, pulses, scorecards

app_name = "health"
urlpatterns = [
    path("", overview.index, name="index"),
    path("accounts/<int:account_id>/pulse/", pulses.pulse, name="pulse"),
    path("pulses/", pulses.pulses, name="pulses"),
    path("disagreements/", disagreements.disagreements, name="disagreements"),
    path("disagreements/export.<str:form>", disagreements.export, name="export_disagreements"),
    path("pulses/<int:pulse_id>/withdraw/", pulses.withdraw, name="withdraw"),
    path("alerts/", alerts.alerts, name="alerts"),
    path("alerts/small-accounts/", alerts.small, name="small"),
    path("alerts/false-alarms/", alerts.rate, name="alert_rate"),
    path("alerts/export.<str:form>", alerts.export, name="export_alerts"),
    path("alerts/<int:alert_id>/", alerts.alert, name="alert"),
    path("alerts/<int:alert_id>/snooze/", alerts.snooze, name="snooze"),
    path("alerts/<int:alert_id>/wake/", alerts.wake, name="wake"),
    path("alerts/<int:alert_id>/resolve/", alerts.resolve, name="resolve"),
    path("alerts/<int:alert_id>/reopen/", alerts.reopen, name="reopen"),
    path("accounts/<int:account_id>/override/", overrides.override, name="override"),
    path("overrides/", overrides.overrides, name="overrides"),
    path("overrides/<int:override_id>/end/", overrides.end, name="end_override"),
    path("scorecard/", scorecards.scorecard, name="scorecard"),
    path("scorecard/templates/<slug:key>/", scorecards.preview, name="preview"),
    path("scorecard/drafts/", drafts.begin, name="begin_draft"),
    path("scorecard/drafts/<int:draft_id>/", drafts.edit, name="draft"),
    path("scorecard/drafts/<int:draft_id>/preview/", drafts.preview, name="draft_preview"),
    path("scorecard/drafts/<int:draft_id>/publish/", drafts.publish, name="publish_draft"),
    path("scorecard/drafts/<int:draft_id>/discard/", drafts.discard, name="discard_draft"),
    path("scorecard/drafts/<int:draft_id>/bring-back/", drafts.bring_back, name="bring_draft_back"),
    path("scorecard/drafts/<int:draft_id>/revisions/<int:revision>/restore/", drafts.restore, name="restore_revision"),
    path("scorecard/versions/<int:number>/against/<int:other>/", drafts.compare, name="compare"),
    path("scorecard/publish/", scorecards.publish, name="publish"),
    path("scorecard/versions/<int:number>/", scorecards.version, name="version"),
    path("scorecard/versions/<int:number>/again/", scorecards.publish_again, name="publish_again"),
    path("matrix/", matrices.crossed, name="matrix"),
    path("matrix/keep/", matrices.keep, name="matrix_keep"),
    path("matrix/export.<str:form>", matrices.export, name="matrix_export"),
    path("matrix/cell/<int:row>/<int:column>/", matrices.cell, name="matrix_cell"),
    path("matrix/<int:matrix_id>/remove/", matrices.remove, name="matrix_remove"),
    path("matrix/<int:matrix_id>/restore/", matrices.restore, name="matrix_restore"),
    path("matrix/<int:matrix_id>/cell/<int:row>/<int:column>/", matrices.say, name="matrix_say"),
    path("how/", scorecards.how, name="how"),
]
