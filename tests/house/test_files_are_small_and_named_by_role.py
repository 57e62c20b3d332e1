"""Sizes, file words, clock, signals, news: laws that read the source."""

from pathlib import Path

import pytest

from tests.house.conftest import Plant
from tools.laws import clock, signals, sizes, verbs, words

LONG_FUNCTION = "def much() -> None:\n" + "    pass\n" * 40
LONG_CLASS = "class Much:\n" + "    one = 1\n" * 200


@pytest.mark.parametrize("law", [sizes, words, clock, signals])
def test_the_house_has_no_fault(project: Path, law: object) -> None:
    assert law.faults(project) == []  # type: ignore[attr-defined]  # each law is a module with faults()


@pytest.mark.parametrize(
    ("name", "text", "part"),
    [
        ("src/banso/health/rules.py", "x = 1\n" * 401, "401 lines"),
        ("src/banso/ui/templates/ui/wide.html", "<p></p>\n" * 401, "401 lines"),
        ("src/banso/health/rules.py", LONG_FUNCTION, "much has 41 lines"),
        ("tests/house/test_it.py", LONG_FUNCTION, "much has 41 lines"),
        ("src/banso/health/rules.py", LONG_CLASS, "Much has 201 lines"),
    ],
)
def test_what_is_too_long_is_found(plant: Plant, name: str, text: str, part: str) -> None:
    assert [part in fault for fault in sizes.faults(plant({name: text}))] == [True]


@pytest.mark.parametrize(
    "name", ["health/services.py", "health/utils.py", "health/rules/helpers.py", "science/common.py", "health/magic.py"]
)
def test_a_file_without_a_role_is_found(plant: Plant, name: str) -> None:
    found = words.faults(plant({f"src/banso/{name}": ""}))
    assert found
    assert all(Path(name).stem in fault for fault in found)


@pytest.mark.parametrize("call", ["timezone.now()", "date.today()", "datetime.now(UTC)", "time.time()"])
@pytest.mark.parametrize("file", ["actions", "queries", "rules", "models", "forms"])
def test_a_clock_below_the_edge_is_found(plant: Plant, call: str, file: str) -> None:
    assert len(clock.faults(plant({f"src/banso/health/{file}.py": f"x = {call}\n"}))) == 1


@pytest.mark.parametrize("file", ["pages", "rest", "jobs", "tests/test_it"])
def test_the_edge_may_ask_the_clock(plant: Plant, file: str) -> None:
    assert clock.faults(plant({f"src/banso/health/{file}.py": "x = timezone.now()\n"})) == []


def test_turning_a_given_time_into_local_time_asks_nobody(plant: Plant) -> None:
    assert clock.faults(plant({"src/banso/health/actions.py": "x = timezone.localtime(now)\n"})) == []


@pytest.mark.parametrize(
    "text",
    [
        "from django.db.models.signals import post_save\n",
        "from django.dispatch import receiver\n",
        "import django.dispatch\n",
        "from allauth.account.signals import user_logged_in\n",
        "class Config:\n    def ready(self) -> None: ...\n",
    ],
)
def test_a_signal_is_found(plant: Plant, text: str) -> None:
    assert len(signals.faults(plant({"src/banso/health/models.py": text}))) == 1


def test_news_without_words_is_found(plant: Plant) -> None:
    text = """
write(News("health.changed", account_id=1))
tell("health.judged" if x else "health.left")
may("health.view")
open("usage.parquet")
"""
    root = plant({"src/banso/health/actions.py": text, "src/banso/health/pages.py": "x = 'health.shown'"})
    assert set(verbs.written(root)) == {"health.changed", "health.judged", "health.left", "health.view"}
    found = verbs.faults(root, {"health.changed", "health.left", "health.view"})
    assert len(found) == 1
    assert "health.judged" in found[0]
