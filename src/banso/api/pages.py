"""The schema of the API, and a page for people who read it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from ninja import NinjaAPI

from banso.api.access.problems import NotThere, ProblemOut, answer, titles
from banso.people.access import SCOPES, public

type View = Callable[..., HttpResponseBase]

PREFIX: Final = "/api/v1"


@dataclass(frozen=True)
class OperationRow:
    """One operation, as the page lists it."""

    id: str
    method: str
    path: str
    summary: str
    description: str
    permission: str
    scopes: tuple[str, ...]
    parameters: tuple[str, ...]


def schema_page(api: NinjaAPI) -> View:
    """Return the view that answers the OpenAPI 3.1 schema."""

    @public
    def schema(request: HttpRequest) -> HttpResponse:
        return JsonResponse(describe(api, request.build_absolute_uri("/")))

    return schema


def docs_page(api: NinjaAPI) -> View:
    """Return the view that lists every operation for people."""

    @public
    def docs(request: HttpRequest) -> HttpResponse:
        operations = operation_rows(describe(api, "/"))
        problems = sorted(titles().items())
        return render(
            request, "api/docs.html", {"operations": operations, "problems": problems, "scopes": scope_rows()}
        )

    return docs


@csrf_exempt
@public
def not_there(_request: HttpRequest) -> HttpResponse:
    """Answer an address that the API does not have."""
    return answer(NotThere())


def describe(api: NinjaAPI, server: str) -> dict[str, Any]:
    """Return the OpenAPI schema with what ninja does not know: permissions, limits, and how problems look."""
    schema: dict[str, Any] = dict(api.get_openapi_schema(path_prefix=PREFIX))
    schema["servers"] = [{"url": server.rstrip("/") or "/"}]
    schema["components"]["schemas"] |= _problem_schemas()
    problem = {
        "description": "Problem (RFC 9457)",
        "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/ProblemOut"}}},
    }
    marks = {
        (f"{PREFIX}{_bare(address)}", method.lower()): operation.view_func.permission  # type: ignore[attr-defined]
        for _, router in api._routers  # noqa: SLF001  # ninja lists its operations nowhere else
        for address, view in router.path_operations.items()
        for operation in view.operations
        for method in operation.methods
    }
    for address, operations in schema["paths"].items():
        for method, operation in operations.items():
            operation["responses"] = {**operation["responses"], "default": problem}
            operation["x-permission"] = marks[address, method]
    return schema


def operation_rows(schema: Mapping[str, Any]) -> list[OperationRow]:
    """Return the operations of a schema by address."""
    return [
        OperationRow(
            id=operation["operationId"],
            method=method.upper(),
            path=address,
            summary=operation["summary"],
            description=operation.get("description", ""),
            permission=operation["x-permission"],
            scopes=tuple(name for name, opened in SCOPES.items() if operation["x-permission"] in opened),
            parameters=tuple(one["name"] for one in operation["parameters"]),
        )
        for address, operations in sorted(schema["paths"].items())
        for method, operation in operations.items()
    ]


def scope_rows() -> list[tuple[str, list[str]]]:
    """Return every scope with the permissions it stands for."""
    return [(name, sorted(permissions)) for name, permissions in SCOPES.items()]


def _problem_schemas() -> dict[str, Any]:
    schema = ProblemOut.model_json_schema(ref_template="#/components/schemas/{model}")
    return {**schema.pop("$defs", {}), "ProblemOut": schema}


def _bare(address: str) -> str:
    # "{int:id}" names a converter that OpenAPI does not know.
    parts = [
        f"{{{part.rpartition(':')[2]}" if part.startswith("{") and ":" in part else part for part in address.split("/")
    ]
    return "/".join(parts)
