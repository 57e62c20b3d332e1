"""Every kind of measure over every kind of list: what the engines must agree on. A new kind is in it by itself."""

from collections.abc import Iterator, Sequence
from itertools import product
from typing import Any

from banso.usage.queries import Measure, WrongMeasure
from banso.usage.rules.kinds import AGAINST, COMPARED, KINDS, Kind

WINDOWS = (7, 28)
# Nothing listed, features of the first mask word, of the second, of both, a moment, both sorts, a name that never came.
LISTS: tuple[tuple[str, ...], ...] = (
    (),
    ("feature.003",),
    ("feature.068", "feature.069"),
    ("feature.001", "feature.063", "feature.064", "feature.070"),
    ("ticket.opened",),
    ("ticket.opened", "feature.002"),
    ("never.seen",),
)


# What a kind can be asked beside its window and its list.
CHOICES: dict[str, list[dict[str, Any]]] = {
    "change": [{"of": of, "against": against} for of in COMPARED for against in AGAINST],
}


def measures() -> list[Measure]:
    """Return the measures that the conformance test counts; a kind that cannot be made of a list is left out of it."""
    return [one for kind, rule in KINDS.items() for one in _of_kind(kind, WINDOWS if rule.has_window else (28,))]


def filtered() -> list[Measure]:
    """Return measures that tell events apart by their properties: each kind that may, and each sort of condition."""
    wheres = ("plan = pro", "plan in (max, pro)", "rows = 5", "rows >= 5", "rows <= 5", "plan exists", "error exists")
    kinds = [kind for kind, rule in KINDS.items() if rule.may_filter]
    made = [
        Measure(f"{kind}_where", kind, 28, ("feature.003", "ticket.opened"), where=(wheres[at % len(wheres)],))
        for at, kind in enumerate(kinds)
    ]
    return [
        *made,
        *(Measure(f"events_{at}", "events", 90, where=(where,)) for at, where in enumerate((*wheres, "error = true"))),
        Measure("both", "events", 90, where=("rows >= 5", "plan in (max, pro)")),
        Measure("rows_sum", "value_sum", 90, value_of="rows"),
        Measure("rows_last", "value_last", 90, ("feature.003",), value_of="rows", where=("plan exists",)),
    ]


def few_filtered() -> list[Measure]:
    """Return what tells that an engine counts by properties: both conditions, values, and a kind of each shape."""
    shapes = {"active_people_where", "change_where", "streak_days_where"}
    return [one for one in filtered() if one.value_of or len(one.where) > 1 or one.name in shapes]


def few() -> list[Measure]:
    """Return one measure of each kind, by turns of features alone and with moments: for an engine slow to ask."""
    chosen: dict[str, Measure] = {}
    for one in measures():
        listed = LISTS[(3, 5)[list(KINDS).index(one.kind) % 2]]
        if one.window_days == WINDOWS[-1] and one.events == listed:
            chosen.setdefault(one.kind, one)
    return list(chosen.values())


def _of_kind(kind: Kind, windows: Sequence[int]) -> Iterator[Measure]:
    choices = CHOICES.get(kind, [{}])
    for at, choice in enumerate(choices):
        # Of a kind with many choices each meets some of the lists, and all together meet all of them.
        lists = range(len(LISTS)) if len(choices) == 1 else sorted({at % len(LISTS), (at + 3) % len(LISTS)})
        for days, listed in product(windows, lists):
            name = "_".join(map(str, (kind, days, listed, *choice.values())))
            try:
                yield Measure(name, kind, days, LISTS[listed], **choice)
            except WrongMeasure:
                continue
