"""What htmx asks for again is a part of a page at the page's own address, and must not be taken for it."""

import pytest
from django.test import Client
from django.urls import reverse

from banso.people.testing import an_admin


@pytest.mark.django_db
def test_no_browser_keeps_a_part_of_a_page(client: Client) -> None:
    client.force_login(an_admin())
    address = reverse("operations:jobs")
    part = client.get(address, headers={"HX-Request": "true"})
    assert "<html" not in part.content.decode()
    assert part.headers["Cache-Control"] == "no-store"
    page = client.get(address)
    assert "<html" in page.content.decode()
    assert page.headers.get("Cache-Control") != "no-store"
