"""Reads a JSON body strictly: no NaN, no halves of characters, nothing that a database could not keep."""

from typing import Any

import msgspec
from django.http import HttpRequest
from ninja.parser import Parser

from banso.api.access.problems import Problem
from banso.api.rules import has_nul


class StrictParser(Parser):
    def parse_body(self, request: HttpRequest) -> dict[str, Any]:
        """Return the body; raises Problem for anything that is not JSON by RFC 8259."""
        try:
            body = msgspec.json.decode(request.body)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise Problem from error
        if rb"\u0000" in request.body and has_nul(body):
            raise Problem
        return body  # type: ignore[no-any-return]  # ninja checks its shape
