"""A service over HTTP that limits its callers: patient within reason, signed in anew when its token has run out."""

import time
from collections.abc import Callable, Mapping
from typing import Any, Final

import httpx

from banso.intake.rules.sourcing import SourceProblem

TRIES: Final = 5
LONGEST_REST: Final = 60.0
AGAIN: Final = frozenset({429, 500, 502, 503, 504})

# In tests, nobody waits.
rest: Callable[[float], None] = time.sleep


class Service:
    """Asks one service; `sign_in` returns a token, and is called when there is none or it has run out."""

    def __init__(self, client: httpx.Client, sign_in: Callable[[httpx.Client], str]) -> None:
        self._client, self._sign_in = client, sign_in
        self._token = ""

    def ask(self, method: str, path: str, **said: Any) -> dict[str, Any]:
        """Return the JSON of an answer; raises SourceProblem with what the service says."""
        has_signed_in = False
        for tries in range(1, TRIES + 1):
            try:
                if not self._token:
                    self._token, has_signed_in = self._sign_in(self._client), True
                headers = {"Authorization": f"Bearer {self._token}"}
                answer = self._client.request(method, path, headers=headers, **said)
            except httpx.HTTPError as error:
                if tries == TRIES:
                    raise _lost(self._client, error) from error
                rest(2.0**tries)
                continue
            if answer.status_code == httpx.codes.UNAUTHORIZED and not has_signed_in:
                self._token = ""
                continue
            if answer.status_code in AGAIN and tries < TRIES:
                rest(_rest(answer, tries))
                continue
            return told(answer)
        raise SourceProblem("limit_reached", value=self._client.base_url.host)  # every try was for a new token


def told(answer: httpx.Response) -> dict[str, Any]:
    """Return what a service answered, or raise SourceProblem with why it did not."""
    host = answer.request.headers.get("host", answer.url.host)
    try:
        body: Any = answer.json()
    except ValueError:
        body = {}
    if answer.is_success and isinstance(body, dict):
        return body
    said = body[0] if isinstance(body, list) and body else body
    facts: Mapping[str, Any] = said if isinstance(said, dict) else {}
    code = str(facts.get("errorCode") or facts.get("category") or facts.get("error") or answer.status_code)
    if code == "REQUEST_LIMIT_EXCEEDED" or answer.status_code == httpx.codes.TOO_MANY_REQUESTS:
        raise SourceProblem("limit_reached", value=host)
    if answer.status_code == httpx.codes.UNAUTHORIZED or code in {"invalid_grant", "invalid_client", "BAD_CLIENT_ID"}:
        raise SourceProblem("sign_in_refused", value=host)
    words = " ".join(str(facts.get("message") or facts.get("error_description") or "").split())[:200]
    raise SourceProblem("service_refused", value=host, reason=f"{code} {words}".strip())


def _rest(answer: httpx.Response, tries: int) -> float:
    wanted = answer.headers.get("Retry-After", "")
    return min(LONGEST_REST, float(wanted) if wanted.isdigit() else 2.0**tries)


def _lost(client: httpx.Client, error: httpx.HTTPError) -> SourceProblem:
    return SourceProblem("connection_lost", value=client.base_url.host, reason=str(error)[:200])
