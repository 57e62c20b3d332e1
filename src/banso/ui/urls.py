"""The component page."""

from django.urls import path

from banso.ui import pages

app_name = "ui"
urlpatterns = [path("", pages.gallery, name="gallery")]
