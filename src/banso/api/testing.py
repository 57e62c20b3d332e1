"""A caller of the API for everyone's tests: a real key, Django's client, JSON both ways."""

from dataclasses import dataclass
from typing import Any

from django.test import Client

from banso.people.queries import KeyRow
from banso.people.testing import a_key


@dataclass(frozen=True)
class ApiClient:
    """Calls paths below /api/v1 with a key; answers are Django's test responses (`.json()`, `.status_code`)."""

    client: Client
    key: KeyRow
    secret: str

    def get(self, path: str, **query: Any) -> Any:
        return self.client.get(self._address(path), query_params=query, headers=self._headers({}))

    def post(self, path: str, body: Any, **headers: str) -> Any:
        return self._send("POST", path, body, headers)

    def put(self, path: str, body: Any, **headers: str) -> Any:
        return self._send("PUT", path, body, headers)

    def patch(self, path: str, body: Any, **headers: str) -> Any:
        return self._send("PATCH", path, body, headers)

    def delete(self, path: str, **headers: str) -> Any:
        return self.client.delete(self._address(path), headers=self._headers(headers))

    def _send(self, method: str, path: str, body: Any, headers: dict[str, str]) -> Any:
        sending = getattr(self.client, method.lower())
        return sending(self._address(path), body, content_type="application/json", headers=self._headers(headers))

    def _headers(self, more: dict[str, str]) -> dict[str, str]:
        named = {name.replace("_", "-"): value for name, value in more.items()}
        return {"Authorization": f"Bearer {self.secret}", "Accept-Language": "en", **named}

    @staticmethod
    def _address(path: str) -> str:
        return f"/api/v1/{path.lstrip('/')}"


def an_api_client(scope: str = "read") -> ApiClient:
    """Return a caller with a fresh key of a scope; headers are named with underscores (`idempotency_key="a"`)."""
    key, secret = a_key(scope)
    return ApiClient(Client(raise_request_exception=False), key, secret)
