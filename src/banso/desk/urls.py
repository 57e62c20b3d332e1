"""Addresses of the staff pages."""

from django.urls import path

from banso.desk.pages import account, adoption, events, moving, palette, portfolio, today

app_name = "desk"

urlpatterns = [
    path("", today.today, name="today"),
    path("accounts/", portfolio.portfolio, name="portfolio"),
    path("accounts/export.<str:form>", portfolio.export, name="export"),
    path("accounts/assign/", moving.assign, name="assign"),
    path("accounts/move/stage/", moving.move, {"column": "stage"}, name="move_to_stage"),
    path("accounts/move/segment/", moving.move, {"column": "segment"}, name="move_to_segment"),
    path("accounts/<int:account_id>/", account.account, name="account"),
    path("accounts/<int:account_id>/preview/", account.preview, name="preview"),
    path("accounts/<int:account_id>/timeline/", account.timeline, name="timeline"),
    path("accounts/<int:account_id>/health/", account.health_on, name="health_on"),
    path("adoption/", adoption.adoption, name="adoption"),
    path("adoption/export.<str:form>", adoption.export, name="adoption_export"),
    path("adoption/funnel/", adoption.funnel, name="funnel"),
    path("adoption/features/<path:name>/", adoption.feature, name="feature"),
    path("events/", events.events, name="events"),
    path("events/classify/", events.classify_events, name="classify_events"),
    path("events/<int:event_id>/", events.event, name="event"),
    path("events/<int:event_id>/change/", events.change_event, name="change_event"),
    path("palette/", palette.palette, name="palette"),
]
