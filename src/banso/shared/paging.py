"""Pages of a list: the one that an address asks for, and how many there are."""

from typing import Final

from banso.shared.numbers import whole_number

MOST_DIGITS: Final = 7  # of the number of a page: nobody has more


def page_number(text: str) -> int:
    """Return the number of the page that an address asks for, from 1; the first where it says none."""
    return max(1, whole_number(text, digits=MOST_DIGITS) or 1)


def page_count(total: int, rows: int) -> int:
    """Return how many pages of so many rows a list has; one at least."""
    return max(1, -(-total // rows))
