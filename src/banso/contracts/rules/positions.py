"""Where an account's contracts stand, from day to day: a row for each day on which anything changes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True)
class Span:
    """What one line is worth while it runs: from a day (inclusive) to a day (exclusive), in the company's currency."""

    starts_on: date
    ends_on: date | None
    mrr_minor: int
    seats: int | None

    def holds_on(self, day: date) -> bool:
        """Return whether the line runs on a day."""
        return self.starts_on <= day and (self.ends_on is None or day < self.ends_on)


@dataclass(frozen=True)
class Running:
    """One contract as far as its account's position needs it."""

    starts_on: date
    ends_on: date | None
    renewals: tuple[date, ...]  # the next one, and those that have passed
    notice_by_on: date | None
    cancelled_on: date | None
    spans: tuple[Span, ...]

    def holds_on(self, day: date) -> bool:
        """Return whether the contract runs on a day."""
        return self.starts_on <= day and (self.ends_on is None or day < self.ends_on)

    def may_renew_on(self, day: date) -> bool:
        """Return whether, seen from a day, a renewal still lies ahead: it runs, and nobody has given notice yet."""
        return self.holds_on(day) and (self.cancelled_on is None or day < self.cancelled_on)


@dataclass(frozen=True)
class Position:
    """An account's contracts from a day on: MRR, seats, whether any runs, and what comes next."""

    from_on: date
    mrr_minor: int
    seats: int | None
    is_active: bool
    renews_on: date | None
    notice_by_on: date | None


def positions(contracts: Sequence[Running]) -> list[Position]:
    """Return the positions of one account, oldest first, each unlike the one before; before the first there is nothing.

    A day's position names the next renewal and the next notice deadline not before that day, of contracts that run and
    are not cancelled yet: what was known then.
    """
    found: list[Position] = []
    for day in sorted(set(_days(contracts))):
        position = position_on(contracts, day)
        if not found or _differs(found[-1], position):
            found.append(position)
    return found


def position_on(contracts: Iterable[Running], day: date) -> Position:
    """Return how an account's contracts stand on a day."""
    running = [one for one in contracts if one.holds_on(day)]
    spans = [span for one in running for span in one.spans if span.holds_on(day)]
    seats = [span.seats for span in spans if span.seats is not None]
    ahead = [one for one in running if one.may_renew_on(day)]
    return Position(
        from_on=day,
        mrr_minor=sum(span.mrr_minor for span in spans),
        seats=sum(seats) if seats else None,
        is_active=bool(running),
        renews_on=min((on for one in ahead for on in one.renewals if on >= day), default=None),
        notice_by_on=min((on for one in ahead if (on := one.notice_by_on) and on >= day), default=None),
    )


def _days(contracts: Iterable[Running]) -> Iterable[date]:
    """Yield every day on which a position may change."""
    tomorrow = timedelta(days=1)
    for one in contracts:
        yield one.starts_on
        yield from (on for on in (one.ends_on, one.cancelled_on) if on)
        yield from (on + tomorrow for on in one.renewals)
        yield from (on + tomorrow for on in (one.notice_by_on,) if on)
        for span in one.spans:
            yield span.starts_on
            yield from (on for on in (span.ends_on,) if on)


def _differs(before: Position, after: Position) -> bool:
    return (before.mrr_minor, before.seats, before.is_active, before.renews_on, before.notice_by_on) != (
        after.mrr_minor,
        after.seats,
        after.is_active,
        after.renews_on,
        after.notice_by_on,
    )
