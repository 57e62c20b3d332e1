"""Addresses of the settings."""

from django.urls import path

from banso.people.pages import company, keys, me, staff, teams

app_name = "people"

urlpatterns = [
    path("", me.settings, name="settings"),
    path("language/", me.language, name="language"),
    path("me/", me.me, name="me"),
    path("me/password/", me.password, name="password"),
    path("me/elsewhere/", me.sign_out_elsewhere, name="sign_out_elsewhere"),
    path("users/", staff.users, name="users"),
    path("users/add/", staff.add, name="add_user"),
    path("users/<int:user_id>/", staff.change, name="user"),
    path("users/<int:user_id>/password/", staff.set_password, name="set_password"),
    path("users/<int:user_id>/deactivate/", staff.deactivate, name="deactivate"),
    path("users/<int:user_id>/reactivate/", staff.reactivate, name="reactivate"),
    path("roles/", staff.roles, name="roles"),
    path("teams/", teams.teams, name="teams"),
    path("teams/<int:team_id>/", teams.rename, name="team"),
    path("keys/", keys.keys, name="keys"),
    path("keys/<int:key_id>/revoke/", keys.revoke, name="revoke_key"),
    path("keys/refused/<int:refused_id>/dismiss/", keys.dismiss, name="dismiss_refused_key"),
    path("company/", company.company, name="company"),
]
