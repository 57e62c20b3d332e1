"""The way back from a move, as a text that a page can hold: signed, for one user, for a day."""

from typing import Any, Final

from django.core import signing

from banso.accounts.actions.moving import Moved

SALT: Final = "banso.accounts.moved"
UNDO_SECONDS: Final = 24 * 3600


def sealed(moved: Moved, *, user_id: int) -> str:
    """Return a token by which this user can put accounts back; some ten thousand accounts make some 30 KB."""
    places: dict[int | None, list[int]] = {}
    for pk, place in moved.before.items():
        places.setdefault(place, []).append(pk)
    said = {"user": user_id, "column": moved.column, "to": moved.to, "before": list(places.items())}
    return signing.dumps(said, salt=SALT, compress=True)


def unsealed(token: str, *, user_id: int) -> Moved | None:
    """Return the move that a token tells of; None where it is made up, too old or somebody else's."""
    try:
        said: Any = signing.loads(token, salt=SALT, max_age=UNDO_SECONDS)
    except signing.BadSignature:
        return None
    if said["user"] != user_id:
        return None
    return Moved(said["column"], said["to"], {pk: place for place, ids in said["before"] for pk in ids})
