"""A local double of Salesforce and HubSpot, on real sockets: pages, limits, tokens that run out, cut connections."""

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit


@dataclass
class Vendor:
    """What the double holds, what it does wrong next, and what it was asked."""

    port: int = 0
    records: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    companies: dict[str, str] = field(default_factory=dict)  # of meetings
    faults: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    page: int = 2
    tokens: int = 0
    is_open: bool = True

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def token(self) -> str:
        return f"token-{self.tokens}"

    def run_out(self) -> None:
        """Let the token run out, as it does after some hours."""
        self.tokens += 1


class Door(BaseHTTPRequestHandler):
    vendor: Vendor

    def do_GET(self) -> None:
        self._answer({name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()})

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        given = json.loads(body) if body.startswith("{") else {k: v[0] for k, v in parse_qs(body).items()}
        self._answer(given)

    def _answer(self, given: dict[str, Any]) -> None:
        vendor, path = self.vendor, urlsplit(self.path).path
        vendor.asked.append(given.get("q") or path)
        if path.endswith("/token"):
            self._sign_in(given)
        elif self.headers["Authorization"] != f"Bearer {vendor.token}":
            self._say(401, [{"errorCode": "INVALID_SESSION_ID", "message": "Session expired or invalid"}])
        elif vendor.faults and self._go_wrong(vendor.faults.pop(0)):
            return
        elif path.startswith("/services/data/"):
            self._query(path, given)
        elif path.endswith("/search"):
            self._search(path.split("/")[-2], given)
        elif path.endswith("/batch/read"):
            ids = [one["id"] for one in given["inputs"]]
            found = [{"from": {"id": one}, "to": [{"toObjectId": int(self.vendor.companies[one])}]}
                     for one in ids if one in self.vendor.companies]  # fmt: skip
            self._say(200, {"results": found})
        else:
            self._archived(path.split("/")[-1], given)

    def _sign_in(self, given: dict[str, Any]) -> None:
        secret = given.get("client_secret")
        if secret != "right" or given["grant_type"] not in {"client_credentials", "refresh_token"}:
            self._say(400, {"error": "invalid_client", "error_description": f"bad {secret}"[:0] + "invalid client"})
        else:
            self._say(200, {"access_token": self.vendor.token})

    def _go_wrong(self, fault: str) -> bool:
        match fault:
            case "429":
                self._say(429, {"message": "You have reached your limit.", "errorType": "RATE_LIMIT"}, rest="3")
            case "503":
                self._say(503, {})
            case "limit":
                self._say(403, [{"errorCode": "REQUEST_LIMIT_EXCEEDED", "message": "TotalRequests Limit exceeded."}])
            case "cut":
                self.send_response(200)
                self.send_header("Content-Length", "1000")
                self.end_headers()
                self.wfile.write(b'{"records": [{"Id"')
                self.wfile.flush()
                self.connection.close()
            case _:
                return False
        return True

    def _query(self, path: str, given: dict[str, Any]) -> None:
        if "q" in given:
            name = re.search(r"FROM (\w+)", given["q"])[1]  # type: ignore[index]
            found = [one for one in self.vendor.records.get(name, []) if _fits(one, given["q"])]
            order = re.search(r"ORDER BY (\w+)", given["q"])[1]  # type: ignore[index]
            self.vendor.records["locator"] = sorted(found, key=lambda one: (one[order], one["Id"]))
            start = 0
        else:
            start = int(path.rsplit("-", 1)[1])
        found = self.vendor.records["locator"]
        end = start + self.vendor.page
        more = {} if end >= len(found) else {"nextRecordsUrl": f"/services/data/v62.0/query/01g-{end}"}
        self._say(200, {"totalSize": len(found), "done": not more, "records": found[start:end], **more})

    def _search(self, name: str, given: dict[str, Any]) -> None:
        filters = given["filterGroups"][0]["filters"] if given["filterGroups"] else []
        live = [one for one in self.vendor.records.get(name, []) if not one.get("archivedAt")]
        found = [one for one in live if all(_passes(one["properties"], each) for each in filters)]
        order = given["sorts"][0]["propertyName"]
        found.sort(key=lambda one: one["properties"][order])
        self._page(found, int(given.get("after", 0)), min(given["limit"], self.vendor.page))

    def _archived(self, name: str, given: dict[str, Any]) -> None:
        assert given["archived"] == "true"
        found = [one for one in self.vendor.records.get(name, []) if one.get("archivedAt")]
        self._page(found, int(given.get("after", 0)), self.vendor.page)

    def _page(self, found: list[dict[str, Any]], start: int, size: int) -> None:
        end = start + size
        more = {} if end >= len(found) else {"paging": {"next": {"after": str(end)}}}
        self._say(200, {"total": len(found), "results": found[start:end], **more})

    def _say(self, status: int, body: Any, rest: str = "") -> None:
        text = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        if rest:
            self.send_header("Retry-After", rest)
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_words: Any) -> None:
        pass


def _fits(record: dict[str, Any], query: str) -> bool:
    if "IsDeleted = false" in query and record.get("IsDeleted"):
        return False
    for name, sign, text in re.findall(r"(\w+) (>=|<=|>) (\d{4}-\S+Z)", query):
        left, right = datetime.fromisoformat(record[name]), datetime.fromisoformat(text)
        if not {">=": left >= right, "<=": left <= right, ">": left > right}[sign]:
            return False
    return True


def _passes(facts: dict[str, Any], each: dict[str, str]) -> bool:
    value = facts.get(each["propertyName"])
    if each["operator"] == "HAS_PROPERTY":
        return bool(value)
    if each["operator"] == "EQ":
        return value == each["value"]
    left, right = datetime.fromisoformat(str(value)).timestamp() * 1000, float(each["value"])
    return {"GTE": left >= right, "GT": left > right, "LTE": left <= right}[each["operator"]]


@contextmanager
def vendor() -> Iterator[Vendor]:
    one = Vendor()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("OwnDoor", (Door,), {"vendor": one}))
    one.port = server.server_port
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield one
    finally:
        server.shutdown()
        server.server_close()
