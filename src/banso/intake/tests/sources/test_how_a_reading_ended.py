"""A reading has succeeded, in part or whole, or failed, by what came in."""

import pytest

from banso.intake.rules.sourcing import outcome


@pytest.mark.parametrize(
    ("states", "refused", "expected"),
    [
        ([], 0, "done"),
        (["done", "done"], 0, "done"),
        (["done", "partial"], 3, "partial"),
        (["done", "failed"], 0, "partial"),
        (["failed"], 0, "failed"),
        (["failed", "stopped"], 5, "failed"),
    ],
)
def test_a_reading_ends_as_its_files_do(states: list[str], refused: int, expected: str) -> None:
    assert outcome(states, refused) == expected
