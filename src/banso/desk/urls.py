"""Addresses of the staff pages."""

from django.urls import path

from banso.desk.pages import account, palette, portfolio, today

app_name = "desk"

urlpatterns = [
    path("", today.today, name="today"),
    path("accounts/", portfolio.portfolio, name="portfolio"),
    path("accounts/export.<str:form>", portfolio.export, name="export"),
    path("accounts/<int:account_id>/", account.account, name="account"),
    path("accounts/<int:account_id>/preview/", account.preview, name="preview"),
    path("accounts/<int:account_id>/timeline/", account.timeline, name="timeline"),
    path("accounts/<int:account_id>/health/", account.health_on, name="health_on"),
    path("palette/", palette.palette, name="palette"),
]
