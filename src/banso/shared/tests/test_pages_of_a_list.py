"""An address asks for a page; what it cannot mean is the first one."""

import pytest

from banso.shared.numbers import whole_number
from banso.shared.paging import page_count, page_number


@pytest.mark.parametrize(
    ("text", "number"), [("3", 3), ("007", 7), ("", 1), ("0", 1), ("-2", 1), ("２", 1), ("x", 1), ("9" * 5000, 1)]
)
def test_a_page_is_a_number_from_one(text: str, number: int) -> None:
    assert page_number(text) == number


@pytest.mark.parametrize(("total", "pages"), [(0, 1), (1, 1), (25, 1), (26, 2), (50, 2), (51, 3)])
def test_a_list_has_one_page_at_least(total: int, pages: int) -> None:
    assert page_count(total, 25) == pages


def test_more_digits_than_are_meant_are_no_number() -> None:
    assert whole_number("123", digits=3) == 123
    assert whole_number("1234", digits=3) is None
