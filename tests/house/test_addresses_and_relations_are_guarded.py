"""Addresses and tables: laws that read the running product."""

from pathlib import Path

from django.http import HttpRequest, HttpResponse
from django.urls import get_resolver, include, path

from banso.people.access import public, requires
from banso.people.rules import ROLES
from tools.laws import guards, relations
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
