"""Where sources may connect to: public addresses, and what the operator names; asked once, so that it stays so."""

import ipaddress
import socket
from typing import Final

from django.conf import settings

from banso.intake.rules.sourcing import SourceProblem

type Address = ipaddress.IPv4Address | ipaddress.IPv6Address

LONGEST_HOST: Final = 253


def checked(host: str, port: int) -> str:
    """Return the address to connect to for a host; raises SourceProblem where it is unknown or not allowed.

    Private addresses, those of this machine and those of clouds' inner services are for the operator to allow. The
    caller connects to the address that is returned: a name that meant another one a moment later leads nowhere.
    """
    found = _resolved(host, port)
    if not found:
        raise SourceProblem("host_unknown", value=host)
    for address in found:
        if not (_is_public(address) or _is_named(host, address)):
            raise SourceProblem("host_not_allowed", value=host, address=str(address))
    return str(found[0])


def is_named(host: str) -> bool:
    """Return whether the operator names a host, or all of its addresses."""
    found = _resolved(host, 0)
    return bool(found) and all(_is_named(host, address) for address in found)


def _resolved(host: str, port: int) -> list[Address]:
    if not host or len(host) > LONGEST_HOST or host.startswith("/"):
        return []
    try:
        answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return []
    found = [ipaddress.ip_address(str(answer[4][0]).partition("%")[0]) for answer in answers]
    return list(dict.fromkeys(_plain(address) for address in found))


def _plain(address: Address) -> Address:
    """Return the IPv4 address that an IPv6 address only wraps."""
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return mapped or address


def _is_public(address: Address) -> bool:
    return address.is_global and not address.is_multicast


def _is_named(host: str, address: Address) -> bool:
    for one in settings.SOURCE_HOSTS:
        try:
            if address in ipaddress.ip_network(one, strict=False):
                return True
        except ValueError:
            if host.casefold() == one.casefold():
                return True
    return False
