"""Addresses of contracts."""

from django.urls import path

from banso.contracts.pages import contracts, rates

app_name = "contracts"
urlpatterns = [
    path("accounts/<int:account_id>/new/", contracts.add, name="add"),
    path("<int:contract_id>/", contracts.edit, name="edit"),
    path("<int:contract_id>/cancel/", contracts.cancel, name="cancel"),
    path("<int:contract_id>/keep/", contracts.keep, name="keep"),
    path("<int:contract_id>/remove/", contracts.remove, name="remove"),
    path("rates/", rates.rates, name="rates"),
]
