"""Addresses of the pages that change accounts; the list and the account's own page are the staff pages' above."""

from django.urls import path

from banso.accounts.pages import editing, fields, moving, notes, persons, sorting, views

app_name = "accounts"

urlpatterns = [
    path("add/", editing.add, name="add"),
    path("<int:account_id>/edit/", editing.edit, name="edit"),
    path("<int:account_id>/people/", persons.persons, name="people"),
    path("<int:account_id>/people/<int:person_id>/", persons.person, name="person"),
    path("<int:account_id>/notes/", notes.add_note, name="add_note"),
    path("<int:account_id>/notes/<int:note_id>/", notes.note, name="note"),
    path("<int:account_id>/notes/<int:note_id>/remove/", notes.remove_note, name="remove_note"),
    path("<int:account_id>/notes/<int:note_id>/back/", notes.bring_note_back, name="bring_note_back"),
    path("views/", views.views, name="views"),
    path("views/<int:view_id>/delete/", views.delete_view, name="delete_view"),
    path("move/undo/", moving.put_back, name="put_back"),
    path("settings/segments/", sorting.sorts, {"kind": "segment"}, name="segments"),
    path("settings/segments/<int:sort_id>/", sorting.rename, {"kind": "segment"}, name="segment"),
    path("settings/segments/<int:sort_id>/step/", sorting.step, {"kind": "segment"}, name="step_segment"),
    path("settings/segments/<int:sort_id>/remove/", sorting.remove, {"kind": "segment"}, name="remove_segment"),
    path("settings/stages/", sorting.sorts, {"kind": "stage"}, name="stages"),
    path("settings/stages/<int:sort_id>/", sorting.rename, {"kind": "stage"}, name="stage"),
    path("settings/stages/<int:sort_id>/step/", sorting.step, {"kind": "stage"}, name="step_stage"),
    path("settings/stages/<int:sort_id>/remove/", sorting.remove, {"kind": "stage"}, name="remove_stage"),
    path("settings/fields/", fields.fields, name="fields"),
    path("settings/fields/<int:field_id>/", fields.field, name="field"),
    path("settings/fields/<int:field_id>/remove/", fields.remove_field, name="remove_field"),
]
