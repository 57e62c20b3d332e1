"""The addresses of the API, made of the routers of the areas."""

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, re_path
from ninja import NinjaAPI, Router
from ninja.errors import HttpError, ValidationError

from banso.api.access.guard import Key, guard
from banso.api.access.parsing import StrictParser
from banso.api.access.problems import Problem, WrongMethod, answer, from_exception
from banso.api.pages import docs_page, not_there, schema_page
from banso.people.access import SCOPES

type View = Callable[..., HttpResponse]


class Undeclared(Exception):
    """An operation that does not say which permission it needs; the server does not start with one."""


def build_api(routers: Iterable[Router]) -> tuple[list[URLPattern], str]:
    """Return the URL patterns for `include`, with schema, documentation, and a problem for every wrong address.

    Raises Undeclared where an operation says no permission, or one that no scope opens.
    """
    api = NinjaAPI(title="Banso", version="1", openapi_url=None, docs_url=None, auth=Key(), parser=StrictParser())
    for kind in (Exception, HttpError, ValidationError, Problem):
        api.add_exception_handler(kind, from_exception)
    api.add_decorator(guard, mode="view")
    for router in routers:
        _check(router)
        api.add_router("", router)
    patterns = [_with_problems(one) for one in api.urls[0] if isinstance(one, URLPattern) and one.name != "api-root"]
    own = [
        path("openapi.json", schema_page(api), name="schema"),
        path("docs", docs_page(api), name="docs"),
    ]
    return [*own, *patterns, re_path(r"^.*$", not_there, name="nowhere")], "api"


def _check(router: Router) -> None:
    known = frozenset[str]().union(*SCOPES.values())
    for address, view in router.path_operations.items():
        for operation in view.operations:
            permission = getattr(operation.view_func, "permission", None)
            if permission not in known:
                raise Undeclared(f"{operation.methods} {address} must say @requires(...) with a permission of a scope.")


def _with_problems(pattern: URLPattern) -> URLPattern:
    view: View = pattern.callback

    @wraps(view)
    def spoken(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if response.status_code == WrongMethod.status:
            refusal = answer(WrongMethod())
            refusal.headers["Allow"] = response.headers["Allow"]
            return refusal
        return response

    # The guard checks the permission of each method; the law test reads this mark.
    spoken.permission = "api"  # type: ignore[attr-defined]
    spoken.csrf_exempt = True  # type: ignore[attr-defined]  # keys, not cookies, open the API
    return path_again(pattern, spoken)


def path_again(pattern: URLPattern, view: View) -> URLPattern:
    """Return the same address with another view behind it."""
    return URLPattern(pattern.pattern, view, pattern.default_args, pattern.name)
