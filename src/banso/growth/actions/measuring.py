"""Hold what was used against all limits, foresee when each is passed, and tell what has become news."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.db import transaction

from banso.growth.actions.judging import judge, keep_forecasts
from banso.growth.models import Crossing, Standing
from banso.growth.queries.gathering import Quantity, courses, quantities
from banso.growth.rules import Basis, Course, Stand, is_soon, so_far, stand
from banso.journal.actions import News, write_many
from banso.people.access import Actor

type Progress = Callable[[int, int], None]

BATCH: Final = 1000
TELL_EVERY: Final = 200
# A quantity keeps its row, and all else in it is made anew.
UPDATED: Final = tuple(field.name for field in Standing._meta.concrete_fields if field.name not in {"id", "line"})  # noqa: SLF001  # Django documents it


@dataclass(frozen=True)
class Measured:
    """How many quantities were measured, are over, passed their limit anew, and were told to be near it."""

    quantities: int
    over: int
    crossed: int
    told: int


def measure(
    *, on: date, by: Actor, now: datetime, progress: Progress | None = None, is_refresh: bool = False
) -> Measured:
    """Measure every quantity as of a day, and foresee its crossing by what was counted before that day.

    A refresh within the day counts anew what was used, and foresees only what was asked differently before. Writes
    "limit.crossed" for each limit passed since the last time, once in a period, and "limit.expected" once when a
    crossing comes near. All reading and foreseeing comes before the one transaction, so that others can write.
    """
    found = quantities(on)
    counted = courses(found, on)
    before = {row.line_id: row for row in Standing.objects.order_by("pk")}
    made: list[Standing] = []
    for place, one in enumerate(found):
        if progress is not None and place % TELL_EVERY == 0:
            progress(place, len(found))
        was = before.get(one.row.line_id)
        kept = was if is_refresh and was is not None and was.as_of_on == on and was.basis == one.basis else None
        course = counted.get(one.row.line_id)
        made.append(_standing(one, course, _stand(one, course, kept, on), was, on=on, now=now))
    return _keep({one.row.line_id: one for one in found}, made, before, on=on, by=by, now=now)


@transaction.atomic
def _keep(
    found: Mapping[int, Quantity],
    made: Sequence[Standing],
    before: Mapping[int, Standing],
    *,
    on: date,
    by: Actor,
    now: datetime,
) -> Measured:
    crossed = _newly_crossed(made, before, now=now)
    near = [row for row in made if row.told_at is not None and _was_told(before.get(row.line_id)) is None]
    Standing.objects.filter(line__in=before.keys() - found.keys()).delete()
    Standing.objects.bulk_create(
        made, batch_size=BATCH, update_conflicts=True, unique_fields=["line"], update_fields=UPDATED
    )
    judge(on=on)
    keep_forecasts(made, on=on)
    news = [_news("limit.crossed", row, found[row.line_id]) for row in crossed]
    news += [_news("limit.expected", row, found[row.line_id]) for row in near]
    write_many(news, by=by, now=now)
    over = sum(row.state == "over" for row in made)
    return Measured(quantities=len(made), over=over, crossed=len(crossed), told=len(near))


def _stand(one: Quantity, course: Course | None, kept: Standing | None, on: date) -> Stand:
    """Return where a quantity stands; with what was foreseen before, where that still answers the question."""
    if not one.row.is_linked:
        return Stand("unlinked")
    if course is None or kept is None:
        return stand(course, one.held, today=on, seed=one.row.line_id)
    used, crossed_on = so_far(course, one.held)
    if crossed_on is not None or kept.state not in {"expected", "unlikely"}:
        return stand(course, one.held, today=on, seed=one.row.line_id)
    return Stand(
        "expected" if kept.state == "expected" else "unlikely",
        used,
        expected_on=kept.crosses_on,
        low_on=kept.low_on,
        high_on=kept.high_on,
        probability=kept.probability,
        history_days=kept.history_days,
    )


def _standing(
    one: Quantity, course: Course | None, told: Stand, was: Standing | None, *, on: date, now: datetime
) -> Standing:
    held = one.held
    is_cut = course is not None and not course.is_level and course.first_on > held.starts_on
    return Standing(
        account_id=one.row.account_id,
        line_id=one.row.line_id,
        as_of_on=on,
        basis=one.basis,
        limit=held.limit,
        used=told.used,
        share=told.used / held.limit if held.limit and one.row.is_linked else None,
        state=told.state,
        starts_on=held.starts_on,
        ends_on=held.ends_on,
        counted_since_on=course.first_on if is_cut and course is not None else None,
        crosses_on=told.crossed_on or told.expected_on,
        low_on=told.low_on,
        high_on=told.high_on,
        probability=told.probability,
        history_days=told.history_days,
        told_at=_told_at(told, was, on=on, now=now),
        computed_at=now,
    )


def _told_at(told: Stand, was: Standing | None, *, on: date, now: datetime) -> datetime | None:
    """Return when it was told that a crossing is near: before, and it is still near or has come; or now."""
    before = _was_told(was)
    if told.state == "over":
        return before
    return (before or now) if is_soon(told.expected_on, today=on, was_told=before is not None) else None


def _was_told(was: Standing | None) -> datetime | None:
    return None if was is None else was.told_at


def _newly_crossed(made: Sequence[Standing], before: Mapping[int, Standing], *, now: datetime) -> list[Standing]:
    """Keep the limits passed since the last time, each once in its period, and return where they stand."""
    over = [row for row in made if row.state == "over" and not _was_over(row, before.get(row.line_id))]
    new = {(row.line_id, _start(row)): row for row in over}
    known = Crossing.objects.filter(crossed_on__gte=min((_start(row) for row in over), default=date.max))
    for key in known.order_by("pk").values_list("line_id", "starts_on"):
        new.pop(key, None)
    crossings = [
        Crossing(
            account_id=row.account_id,
            line_id=row.line_id,
            starts_on=_start(row),
            crossed_on=row.crosses_on or row.starts_on,
            limit=row.limit,
            noticed_at=now,
        )
        for row in new.values()
    ]
    Crossing.objects.bulk_create(crossings, batch_size=BATCH)
    return list(new.values())


def _was_over(row: Standing, was: Standing | None) -> bool:
    """Return whether it was over already: a level until it falls back, an amount within the same period."""
    return was is not None and was.state == "over" and (_is_level(row) or was.starts_on == row.starts_on)


def _start(row: Standing) -> date:
    if _is_level(row) and row.crosses_on is not None:
        return row.crosses_on
    return row.starts_on


def _is_level(row: Standing) -> bool:
    return Basis.read(row.basis).is_level


def _news(verb: str, row: Standing, one: Quantity) -> News:
    facts = {"limit": row.limit, "unit": one.row.unit}
    if verb == "limit.crossed":
        facts |= {"used": round(row.used, 3), "crossed_on": _iso(row.crosses_on)}
    else:
        facts |= {"expected_on": _iso(row.crosses_on), "low_on": _iso(row.low_on), "high_on": _iso(row.high_on)}
    return News(
        verb,
        account_id=row.account_id,
        subject_kind="line",
        subject_id=row.line_id,
        subject_label=one.row.name,
        details=facts,
    )


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
