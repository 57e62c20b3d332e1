"""Addresses of signing in and out: those of allauth that we open, and no others."""

from allauth.account import views
from django.urls import path, re_path

from banso.people.access import public
from banso.people.pages.sign_in import elsewhere, forgotten

# allauth finds its own pages by these names; what we do ourselves, or not at all, leads to where it is done.
urlpatterns = [
    path("login/", public(views.login), name="account_login"),
    path("logout/", public(views.logout), name="account_logout"),
    path("signup/", public(views.signup), name="account_signup"),
    path("inactive/", public(views.account_inactive), name="account_inactive"),
    path("email/", elsewhere, name="account_email"),
    path("reauthenticate/", elsewhere, name="account_reauthenticate"),
    path("password/change/", elsewhere, name="account_change_password"),
    path("password/reset/", forgotten, name="account_reset_password"),
    path("password/reset/done/", public(views.password_reset_done), name="account_reset_password_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[^/]+)/$",
        public(views.password_reset_from_key),
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/key/done/",
        public(views.password_reset_from_key_done),
        name="account_reset_password_from_key_done",
    ),
]
