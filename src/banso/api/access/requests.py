"""A call of the API as areas see it."""

from django.http import HttpRequest

from banso.api.rules import Allowance
from banso.people.queries import KeyRow


class ApiRequest(HttpRequest):
    """A request whose key was found, whose permission was checked, and which is within its limits.

    `auth.actor` is the author for actions; `auth.permissions` says what the key may do.
    """

    auth: KeyRow
    allowance: Allowance
    next_cursor: str | None
