"""Addresses and tables: laws that read the running product."""

from pathlib import Path

from django.http import HttpRequest, HttpResponse
from django.urls import get_resolver, include, path
from django.views.decorators.http import require_POST, require_safe

from banso.people.access import public, requires
from banso.people.rules import ROLES
from tests.journeys import walk
from tools.laws import guards, relations, walks
from tools.laws.relations import Relation

PERMISSIONS = frozenset().union(*ROLES.values())


def test_every_address_says_what_it_needs() -> None:
    assert guards.faults(guards.addresses(get_resolver().url_patterns), PERMISSIONS) == []


def test_a_view_that_says_nothing_is_found() -> None:
    inner = [path("open/", public(_page)), path("kept/", requires("health.view")(_page)), path("bare/", _bare)]
    found = guards.faults(guards.addresses([path("area/", include((inner, "area")))]), PERMISSIONS)
    assert found == ["/area/bare/: no permission declared"]


def test_a_permission_that_nobody_has_is_found() -> None:
    found = guards.faults(guards.addresses([path("x/", requires("health.conjure")(_page))]), PERMISSIONS)
    assert found == ["/x/: health.conjure is no permission"]


def test_what_no_browser_walks_is_an_address_and_says_why() -> None:
    routes = set(walks.readable(get_resolver().url_patterns))
    assert set(walk.LEFT_OUT) <= routes
    assert all(walk.LEFT_OUT.values())


def test_a_page_that_nobody_walks_is_found() -> None:
    open_page, kept, writes = public(_page), requires("health.view")(require_safe(_page)), require_POST(_bare)
    inner = [path("open/", open_page), path("kept/", kept), path("write/", requires("health.view")(writes))]
    routes = list(walks.readable([path("area/", include((inner, "area")))]))
    assert routes == ["area/open/", "area/kept/"]
    assert walks.faults(routes, {"area/open/"}, {"area/kept/": "a file"}) == []
    assert len(walks.faults(routes, {"area/open/"}, {})) == 1
    assert len(walks.faults(routes, {"area/open/", "area/kept/"}, {"area/kept/": "a file"})) == 1
    assert len(walks.faults(routes, {"area/open/", "area/kept/"}, {"area/gone/": "a file"})) == 1


def test_every_relation_points_down_and_is_not_known_below(project: Path) -> None:
    assert relations.faults(relations.declared(), relations.order(project)) == []


def test_the_order_of_the_areas_is_read_from_the_contract(project: Path) -> None:
    layers = relations.order(project)
    assert layers[0] == {"site"}
    assert {"usage", "contracts"} in layers
    assert layers[-1] == {"shared", "science"}


def test_relations_up_sideways_or_by_name_are_found() -> None:
    layers = [frozenset({"health"}), frozenset({"usage", "contracts"}), frozenset({"accounts"})]
    down = Relation("health", "Standing.account", "accounts", "+")
    up = Relation("accounts", "Account.standing", "health", "+")
    sideways = Relation("usage", "Day.contract", "contracts", "+")
    named = Relation("health", "Pulse.account", "accounts", "pulses")
    assert relations.faults([down], layers) == []
    assert len(relations.faults([up], layers)) == 1
    assert len(relations.faults([sideways], layers)) == 1
    assert len(relations.faults([named], layers)) == 1


def _page(request: HttpRequest) -> HttpResponse:  # noqa: ARG001  # a view's signature
    return HttpResponse()


def _bare(request: HttpRequest) -> HttpResponse:  # noqa: ARG001  # likewise
    return HttpResponse()
