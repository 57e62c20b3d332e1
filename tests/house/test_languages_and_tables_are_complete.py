"""Translations, migrations, coverage, deployment: what the gate asks of the whole."""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.house.conftest import Plant
from tools import coverage_law
from tools.messages import catalogues, checking, extraction, updating

HEAD = updating.HEADER.decode()
AREA = "src/banso/health"
PO = f"{AREA}/locale/ja/LC_MESSAGES/django.po"
SAID = 'from django.utils.translation import gettext as _\nx = _("Good %(name)s")\n'
TRANSLATED = HEAD + 'msgid "Good %(name)s"\nmsgstr "良好 %(name)s"\n'


def test_every_sentence_has_its_japanese(project: Path) -> None:
    assert checking.faults(project) == []


def test_a_complete_translation_passes(plant: Plant) -> None:
    assert checking.faults(plant({f"{AREA}/__init__.py": "", f"{AREA}/rules.py": SAID, PO: TRANSLATED})) == []


@pytest.mark.parametrize(
    ("texts", "part"),
    [
        ({PO: HEAD}, "no Japanese"),
        ({PO: HEAD + 'msgid "Good %(name)s"\nmsgstr ""\n'}, "is empty"),
        ({PO: HEAD + '#, fuzzy\nmsgid "Good %(name)s"\nmsgstr "良好"\n'}, "fuzzy"),
        ({PO: TRANSLATED + '\nmsgid "Bad"\nmsgstr "不調"\n'}, "nobody says “Bad”"),
        ({PO: HEAD + 'msgid "Good %(name)s"\nmsgstr "良好 %(nmae)s"\n'}, "no place for %(nmae)s"),
        ({f"{AREA}/templates/health/a.html": '{% load i18n %}<p>{% translate "Why" %}</p>'}, "“Why”"),
        (
            {
                "src/banso/usage/__init__.py": "",
                "src/banso/usage/rules.py": SAID,
                PO.replace("health", "usage"): TRANSLATED.replace("良好 ", "よい "),
            },
            "usage says “よい %(name)s”",
        ),
    ],
)
def test_a_fault_in_a_translation_is_found(plant: Plant, texts: dict[str, str], part: str) -> None:
    found = checking.faults(plant({f"{AREA}/__init__.py": "", f"{AREA}/rules.py": SAID, PO: TRANSLATED} | texts))
    assert [part in fault for fault in found] == [True]


def test_sentences_of_every_form_are_found(plant: Plant) -> None:
    text = (
        "{% load i18n %}<c-x t=\"{% translate 'Set' context 'verb' %}\">{{ _(\"Yes\") }}"
        "{% blocktranslate count n=3 %}{{ n }} day{% plural %}{{ n }} days{% endblocktranslate %}"
    )
    code = 'ngettext("%(n)d row", "%(n)d rows", n)\npgettext_lazy("menu", "Open")\n_(variable)\n'
    root = plant({"area/rules.py": code, "area/templates/a.html": text, "area/tests/test_it.py": '_("Not said")\n'})
    assert set(extraction.said_in(root / "area")) == {
        extraction.Sentence("%(n)d row", "%(n)d rows"),
        extraction.Sentence("Open", context="menu"),
        extraction.Sentence("Set", context="verb"),
        extraction.Sentence("Yes"),
        extraction.Sentence("%(n)s day", "%(n)s days"),
    }


def test_updating_keeps_what_is_translated_and_compiling_makes_it_speak(plant: Plant) -> None:
    root = plant(
        {
            f"{AREA}/__init__.py": "",
            f"{AREA}/rules.py": SAID + '_("New")\n',
            PO: TRANSLATED + '\nmsgid "Old"\nmsgstr "旧"\n',
        }
    )
    updating.update(root)
    assert (root / PO).read_text(encoding="utf-8").startswith(HEAD)
    assert ["“New” is empty" in fault for fault in checking.faults(root)] == [True]
    catalogues.compile_all(root)
    assert (root / PO).with_suffix(".mo").stat().st_size > 100


def test_migrations_say_what_they_do(project: Path) -> None:
    names = [path.name for path in (project / "src" / "banso").glob("*/migrations/0*.py")]
    assert names
    assert [name for name in names if re.search(r"_auto_|^\d{4}_alter_\w+_and_more", name)] == []


def test_the_tables_are_as_their_migrations_make_them(project: Path, tmp_path: Path) -> None:
    done = _manage(project, tmp_path, "makemigrations", "--check", "--dry-run")
    assert done.returncode == 0, done.stdout


def test_an_installation_for_others_passes_djangos_checks(project: Path, tmp_path: Path) -> None:
    done = _manage(
        project,
        tmp_path,
        "check",
        "--deploy",
        "--fail-level",
        "WARNING",
        BANSO_HTTPS="yes",
        BANSO_MAIL_URL="smtp://mail.example.jp",
    )
    assert done.returncode == 0, done.stderr


def test_lines_that_nothing_runs_are_found_where_all_must_run() -> None:
    def report(percent: float, **missing: list[int]) -> dict[str, Any]:
        files = {f"src/banso/{name}": {"missing_lines": lines} for name, lines in missing.items()}
        return {"files": files, "totals": {"percent_covered": percent}}

    assert coverage_law.faults(report(95.0, **{"health/actions.py": [3], "health/rules.py": []})) == []
    assert len(coverage_law.faults(report(95.0, **{"health/rules.py": [3]}))) == 1
    assert len(coverage_law.faults(report(95.0, **{"health/rules/scoring.py": [3], "science/scorecard.py": [1]}))) == 2
    assert len(coverage_law.faults(report(89.9))) == 1


def _manage(project: Path, data: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    plain = {name: value for name, value in os.environ.items() if not name.startswith("BANSO_")}
    command = [sys.executable, "manage.py", *arguments]
    environment = {**plain, "BANSO_DATA": str(data), **settings}
    return subprocess.run(
        command, cwd=project, env=environment, capture_output=True, text=True, check=False, timeout=120
    )
