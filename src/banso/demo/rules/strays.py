"""What a real product sends besides: usage of nobody we know, names that stand twice, events that are none."""

from datetime import date, datetime, time, timedelta
from typing import Any, Final

import numpy as np

from banso.demo.rules import words
from banso.demo.rules.book import Book
from banso.demo.rules.events import TOKYO

DAYS: Final = 40
# A trial that sales did not enter, a partner's test, and an account that the product calls otherwise.
GROUPS: Final = (("trial-7731", 6), ("partner-sandbox", 2), ("ws-20418", 4))
ALONE: Final = ("u-90211", "u-90377")
VISITORS: Final = 5
SHARED: Final = "consultant-01"
# Spelt otherwise by the mobile client; meant for developers; a path that was made a name.
OTHER_NAMES: Final = ("Report Viewed", "debug_ping", "Viewed /settings/profile Page")


def batches(book: Book, *, seed: int) -> list[list[dict[str, Any]]]:
    """Return events as clients send them, in batches: who is where, then what they did, then what cannot be read."""
    rng = np.random.default_rng([seed, 3])
    two = [one.external_id for one in book.customers[:2]]
    told = [{"type": "group", "userId": SHARED, "groupId": account} for account in two]
    used = [
        *(_use(book, rng, 12, f"{group}-{nr}", groupId=group) for group, people in GROUPS for nr in range(people)),
        *(_use(book, rng, 20, person) for person in (*ALONE, SHARED)),
        *(_use(book, rng, 3, None, anonymousId=f"visitor-{nr}") for nr in range(VISITORS)),
        *(_use(book, rng, 25, f"{two[0]}-other-{nr}", name, groupId=two[0]) for nr, name in enumerate(OTHER_NAMES)),
    ]
    events = [event for some in used for event in some]
    return [told, *(events[at : at + 100] for at in range(0, len(events), 100)), _broken(book.today)]


def _use(
    book: Book, rng: np.random.Generator, times: int, person: str | None, name: str = "", **more: str
) -> list[dict[str, Any]]:
    found = []
    for nr in range(times):
        day = book.today - timedelta(days=1 + int(rng.integers(DAYS)))
        at = datetime.combine(day, time(9 + int(rng.integers(9)), int(rng.integers(60))), TOKYO)
        who = person or more["anonymousId"]
        found.append(
            {
                "type": "track",
                "event": name or words.FEATURES[int(rng.integers(8))][0],
                "messageId": f"stray-{who}-{nr}",
                "timestamp": at.isoformat(),
                "properties": {"plan": "trial", "rows": int(rng.integers(200)), "by": "yamada@partner.example"},
                **({"userId": person} if person else {}),
                **more,
            }
        )
    return found


def _broken(today: date) -> list[dict[str, Any]]:
    """Return events that cannot be counted, each for another reason."""
    call: dict[str, Any] = {"type": "track", "event": "report_viewed", "userId": "u-1", "groupId": "trial-7731"}
    at = f"{today.year}-02-30T10:00:00+09:00"
    return [
        *({**call, "messageId": f"broken-time-{nr}", "timestamp": at} for nr in range(3)),
        {**call, "messageId": "broken-clock", "timestamp": "1970-01-01T00:00:00Z"},
        {**call, "messageId": "broken-name", "event": ""},
        {**call, "messageId": "broken-person", "userId": None, "traits": {"email": "suzuki@partner.example"}},
        {**call, "messageId": "broken-type", "type": "click"},
        {**call, "messageId": "broken-size", "properties": {"html": "<p>…</p>" * 5_000}},
    ]
