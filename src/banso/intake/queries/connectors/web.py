"""HTTP to other systems: pinned to a checked address, without redirects, with time-outs."""

import ssl
from typing import Final

import httpx

from banso.intake.queries.connectors import addresses
from banso.intake.rules.sourcing import SourceProblem

TIMEOUT: Final = httpx.Timeout(60.0, connect=10.0)


class Pinned(httpx.HTTPTransport):
    """Connects to the address that was checked, whatever the name would mean a moment later."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        host = request.url.host
        address = addresses.checked(host, _port(request.url))
        request.extensions = {**request.extensions, "sni_hostname": host}
        request.url = request.url.copy_with(host=address)
        return super().handle_request(request)


def check(base: str) -> None:
    """Raise SourceProblem where a service may not be asked."""
    url = _encrypted(base)
    addresses.checked(url.host, _port(url))


def client(base: str, *, timeout: httpx.Timeout = TIMEOUT, **headers: str) -> httpx.Client:
    """Return a client for one service; raises SourceProblem where it would send secrets in the clear over the net."""
    url = _encrypted(base)
    transport = Pinned(verify=ssl.create_default_context(), trust_env=False)
    return httpx.Client(
        base_url=url, transport=transport, timeout=timeout, headers=headers, follow_redirects=False, trust_env=False
    )


def _encrypted(base: str) -> httpx.URL:
    try:
        url = httpx.URL(base)
    except httpx.InvalidURL as error:
        raise SourceProblem("host_unknown", value=base) from error
    if url.scheme != "https" and not (url.scheme == "http" and addresses.is_named(url.host)):
        raise SourceProblem("not_encrypted", value=base)
    return url


def _port(url: httpx.URL) -> int:
    return url.port or (443 if url.scheme == "https" else 80)
