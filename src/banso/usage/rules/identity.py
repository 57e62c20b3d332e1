"""Names of usage that came without an account: whose it is stands in the name until an account is known."""

from collections.abc import Mapping
from typing import Final

USER: Final = "~user:"
ANONYMOUS: Final = "~anonymous:"
SEVERAL: Final = "~several:"
_STEPS_AT_MOST: Final = 10


def name_of_user(person: str) -> str:
    """Return the name that events of a person without an account are kept under."""
    return USER + person


def name_of_visitor(anonymous: str) -> str:
    """Return the name that events of somebody who has not signed in are kept under."""
    return ANONYMOUS + anonymous


def name_of_shared(person: str) -> str:
    """Return the name that events of a person of several accounts are kept under, where they do not say which."""
    return SEVERAL + person


def is_own_name(name: str) -> bool:
    """Return whether a name is one of ours and no account's of the product."""
    return name.startswith((USER, ANONYMOUS, SEVERAL))


def bare_name(name: str) -> str:
    """Return what the product calls the person behind one of our own names; any other name as it is."""
    return name.partition(":")[2] if is_own_name(name) else name


def kind_of_name(name: str) -> str:
    """Return whose usage stands under a name: of a group, a user, somebody of several accounts, or a visitor."""
    kinds = {USER: "user", SEVERAL: "several", ANONYMOUS: "visitor"}
    return next((kind for prefix, kind in kinds.items() if name.startswith(prefix)), "group")


def resolved(aliases: Mapping[str, str]) -> dict[str, str]:
    """Return for each former name the last of its chain; of a circle, some name of it, the same for each of them."""
    found: dict[str, str] = {}
    for previous in aliases:
        seen = [previous]
        while (following := aliases.get(seen[-1])) and following not in seen and len(seen) < _STEPS_AT_MOST:
            seen.append(following)
        is_circle = aliases.get(seen[-1]) in seen
        last = min(seen[seen.index(aliases[seen[-1]]) :]) if is_circle else seen[-1]
        if last != previous:
            found[previous] = last
    return found
