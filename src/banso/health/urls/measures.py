"""Addresses of the catalogue of measures."""

from django.urls import path

from banso.health.pages import definitions, measures

app_name = "measures"
urlpatterns = [
    path("", measures.catalogue, name="catalogue"),
    path("add-measure/", measures.add, name="add"),
    path("usual-measures/", measures.usual, name="usual"),
    path("as-file/", definitions.edit, name="file"),
    path("as-file/banso-definitions.yaml", definitions.download, name="download"),
    path("<slug:key>/", measures.measure, name="measure"),
    path("<slug:key>/change/", measures.change, name="change"),
    path("<slug:key>/retire/", measures.retire, name="retire"),
    path("<slug:key>/versions/<int:version>/roll-back/", measures.roll_back, name="roll_back"),
]
