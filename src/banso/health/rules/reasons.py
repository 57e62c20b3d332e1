"""Why a score is what it is, in the few causes that one sentence can carry; pages put them into words."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from banso.health.rules.judging import JUDGED, judged_as, stand_of
from banso.health.rules.scoring import Move, Part

# A change below one point is not worth a sentence of its own.
WORTH_SAYING: Final = 10
CAUSES_IN_A_SENTENCE: Final = 2
# The second cause is named when it did at least a third of what the first did.
_SECOND_AT_LEAST: Final = 3
_FULL: Final = 100.0


@dataclass(frozen=True)
class Reason:
    """What to say: up or down by so many tenths because of moves; steady, held down by a part; or not known."""

    kind: Literal["up", "down", "steady", "unknown"]
    tenths: int = 0
    moves: tuple[Move, ...] = ()
    weakest: Part | None = None


def reason_for(score: int | None, change: int | None, parts: Sequence[Part], moves: Sequence[Move]) -> Reason:
    """Return the reason for a shown score and change (tenths)."""
    if score is None:
        return Reason("unknown")
    if change is None or abs(change) < WORTH_SAYING:
        return Reason("steady", weakest=_weakest(parts))
    along = [move for move in moves if move.tenths * change > 0]
    causes = [move for move in along if abs(move.tenths) * _SECOND_AT_LEAST >= abs(along[0].tenths)]
    return Reason("up" if change > 0 else "down", abs(change), tuple(causes[:CAUSES_IN_A_SENTENCE]))


def disagrees(condition: str, rating: int | None) -> bool:
    """Return whether a CSM's pulse (1–5) says the opposite of the score's condition."""
    known = next((one for one in JUDGED if one == condition), None)
    return rating is not None and known is not None and stand_of(known, judged_as(rating)) == "opposite"


def _weakest(parts: Sequence[Part]) -> Part | None:
    lost = [(part.share * (_FULL - part.points), part) for part in parts if part.points is not None]
    worst, part = max(lost, key=lambda one: one[0], default=(0.0, None))
    return part if worst >= 1 else None
