"""Documents, locks, settings, words: what lies beside the code is true."""

from pathlib import Path

import pytest
from django.apps import apps

from banso.desk.queries.timeline import SENTENCES
from banso.journal.pages import VERBS
from banso.operations.rules import NAMES
from banso.site import environment
from banso.site.cli.root import banso
from tests.house.conftest import Plant
from tools.laws import glossary, jobs, papers, settings, verbs

HEAD = "| word | English | 日本語 | where |\n| --- | --- | --- | --- |\n"
MACHINE = f"/{'work'}/somewhere"  # put together, so that the law does not find it here


def test_every_setting_is_explained(project: Path) -> None:
    assert settings.faults(project, environment.names()) == []


def test_a_setting_unexplained_or_made_up_is_found(plant: Plant) -> None:
    root = plant({"docs/configuration.md": "| `BANSO_DATA` | x |\n| `BANSO_MAGIC` | y |\n"})
    found = settings.faults(root, {"data", "port"})
    assert len(found) == 2
    assert "BANSO_PORT" in found[0]
    assert "BANSO_MAGIC" in found[1]


def test_the_glossary_holds_every_word_once(project: Path) -> None:
    assert glossary.faults(project, _tables()) == []


@pytest.mark.parametrize(
    ("rows", "part"),
    [
        ("| Account | a | b | `accounts.Account` |\n| Reach | a |  | `accounts` |", "not complete"),
        ("| Account | a | b | `accounts.Account` |\n| account | c | d | `accounts.Account` |", "twice"),
        ("| Account | a | b | `accounts.Account` |\n| Ghost | c | d | `accounts.Ghost` |", "not there"),
        ("| Owner | a | b | `accounts.models` |", "no word for the table accounts.Account"),
    ],
)
def test_a_fault_in_the_glossary_is_found(plant: Plant, rows: str, part: str) -> None:
    root = plant({"GLOSSARY.md": HEAD + rows, "src/banso/accounts/models.py": "class Account: ...\n"})
    assert [part in fault for fault in glossary.faults(root, {"accounts.Account"})] == [True]


def test_japanese_says_the_words_of_the_glossary(project: Path) -> None:
    assert glossary.ousted(project) == []


def test_a_word_that_the_glossary_ousted_is_found(plant: Plant) -> None:
    catalogue = 'msgid "Seats"\nmsgstr "席数"\n\nmsgid "Notice"\nmsgstr "解約通知期限"\n'
    root = plant(
        {
            "GLOSSARY.md": HEAD + "\n- 席数 → ライセンス数\n- 通知期限 → 解約通知期限\n",
            "src/banso/desk/locale/ja/LC_MESSAGES/django.po": catalogue,
            "docs/guide/ja/contracts.md": "通知期限まで\n",
        }
    )
    assert glossary.ousted(root) == [
        "docs/guide/ja/contracts.md:1: says “通知期限”; the glossary says “解約通知期限”",
        "src/banso/desk/locale/ja/LC_MESSAGES/django.po:2: says “席数”; the glossary says “ライセンス数”",
    ]


def test_everything_in_the_journal_can_be_read_in_words(project: Path) -> None:
    assert verbs.faults(project, set(VERBS)) == []


def test_everything_about_an_account_is_a_sentence_on_its_timeline(project: Path) -> None:
    about_accounts = {verb for verb in verbs.written(project) if verb.split(".")[0] in {"contract", "note", "person"}}
    assert about_accounts - {"contract.rate_set"} <= set(SENTENCES)


def test_every_job_has_a_name(project: Path) -> None:
    assert jobs.faults(project, set(NAMES)) == []


def test_a_job_without_a_name_and_a_name_without_a_job_are_found(plant: Plant) -> None:
    root = plant({"src/banso/accounts/jobs.py": "@task()\ndef count(): ...\n\n\ndef other(): ...\n"})
    found = jobs.faults(root, {"banso.accounts.jobs.gone"})
    assert len(found) == 2
    assert "no job banso.accounts.jobs.gone" in found[0]
    assert "banso.accounts.jobs.count has no name" in found[1]


def test_no_lock_names_an_address(project: Path) -> None:
    assert papers.addresses_in_locks(project) == []


def test_an_address_in_a_lock_is_found(plant: Plant) -> None:
    root = plant(
        {
            "requirements/base.txt": "--index-url https://pypi.example/simple\nx @ https://files.example/x.whl\n",
            "package-lock.json": '{"packages": {"node_modules/x": {"resolved": "https://npm.example/x.tgz"}}}',
        }
    )
    assert len(papers.addresses_in_locks(root)) == 4


def test_nothing_names_a_machine(project: Path) -> None:
    assert papers.machine_paths(project, papers.tracked(project)) == []


def test_a_machine_path_is_found(plant: Plant) -> None:
    root = plant({"docs/a.md": f"see {MACHINE}\n", "b.png": ""})
    assert len(papers.machine_paths(root, [Path("docs/a.md"), Path("b.png"), Path("gone.md")])) == 1


def test_documents_name_commands_that_exist(project: Path) -> None:
    assert papers.unknown_commands(project, set(banso.commands)) == []


def test_a_made_up_command_is_found(plant: Plant) -> None:
    root = plant(
        {
            "Makefile": "demo: ## x\nset-up-run set-up-dev:\n",
            "README.md": "Type `make demo`, `make coffee`, `banso demo` or `banso dance`; make sense of it.\n",
        }
    )
    assert papers.unknown_commands(root, {"demo"}) == ["README.md: make coffee", "README.md: banso dance"]


def _tables() -> set[str]:
    ours = (model for model in apps.get_models() if model.__module__.startswith("banso."))
    return {f"{model.__module__.split('.')[1]}.{model.__name__}" for model in ours}
