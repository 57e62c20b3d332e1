"""What an event's name stands for until somebody says otherwise, and which bit of the feature masks it has."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from banso.usage.rules.series import SERIES

BITS_IN_A_WORD: Final = 64
NAME_LENGTH: Final = 200

# Names that start so are moments by default: they tell of the account, not of use of the product.
MOMENT_PREFIXES: Final = (
    "churn.",
    "contract.",
    "invoice.",
    "meeting.",
    "moment.",
    "nps.",
    SERIES,
    "support.",
    "survey.",
    "ticket.",
)

# Names past this many are ignored until somebody classifies them: a client that writes ids into names must not
# make every roll-up row a thousand words wide.
FEATURES_AT_MOST: Final = 1024

COUNTED: Final = frozenset({"feature", "moment", "meter", "derived"})
IS_USE: Final = frozenset({"feature", "meter"})


@dataclass(frozen=True)
class NameRule:
    """A name as the roll-up knows it: its bit, what it stands for, and the name that it counts as, if another."""

    bit: int
    kind: str
    counts_as: str = ""


type Catalogue = Mapping[str, NameRule]


def default_kind(name: str, *, known: int) -> str:
    """Return what a new name stands for: a moment by its prefix, else a feature while few enough are `known`."""
    if name.lower().startswith(MOMENT_PREFIXES):
        return "moment"
    return "feature" if known < FEATURES_AT_MOST else "ignored"


def words_for(catalogue: Catalogue) -> int:
    """Return how many 64-bit words the masks need so that every feature has its bit; at least one."""
    bits = [rule.bit for rule in catalogue.values() if rule.kind == "feature"]
    return max(bits, default=0) // BITS_IN_A_WORD + 1


def word_of(bits: Iterable[int], word: int) -> int:
    """Return the mask word of these bits, as the signed 64-bit number that every engine can keep."""
    value = sum(1 << (bit % BITS_IN_A_WORD) for bit in set(bits) if bit // BITS_IN_A_WORD == word)
    return value - (1 << BITS_IN_A_WORD) if value >= 1 << (BITS_IN_A_WORD - 1) else value
