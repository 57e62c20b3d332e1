"""`banso` says in a sentence what it cannot do, and prints for scripts what they need."""

import json
import shutil
import socket
import stat
import time
from pathlib import Path

import pytest

from banso.site.cli import folders
from banso.site.cli.folders import Note
from banso.site.cli.starting import Refusal, free_port, make_writable
from banso.site.tests.command_line import banso
from banso.site.tests.conftest import EMAIL

CSV = "id,name,signup date\nA-1,株式会社あおぞら,2024-04-01\nA-2,みなと商店,2025-10-01\n"


def test_help_lists_the_commands_in_both_languages(tmp_path: Path) -> None:
    english = banso("--help", data=tmp_path)
    japanese = banso("--help", data=tmp_path, settings={"BANSO_LANGUAGE": "ja"})
    for command in ("demo", "serve", "worker", "import", "definitions", "doctor", "user", "key"):
        assert command in english.stdout
        assert command in japanese.stdout
    assert "Commands:" in english.stdout
    assert "コマンド:" in japanese.stdout
    assert "_prepare" not in english.stdout


@pytest.mark.parametrize(
    ("arguments", "given", "sentence"),
    [
        (("doctor", "--loud"), {}, "No such option"),
        (("serve",), {"BANSO_PORTS": "1"}, "Unknown setting: BANSO_PORTS"),
        (("serve",), {"BANSO_PORT": "http"}, "must be a number"),
        (("serve",), {"BANSO_DATABASE_URL": "oracle://x"}, "BANSO_DATABASE_URL must begin"),
        (
            ("serve", "--port", "0"),
            {"BANSO_DATABASE_URL": "postgresql://banso@127.0.0.1:1/x"},
            "database cannot be used",
        ),
        (("worker",), {"BANSO_MAIL_URL": "pigeon://"}, "BANSO_MAIL_URL must begin"),
        (("engine", "copy"), {}, "there is nothing to copy"),
        (("engine", "copy"), {"BANSO_ENGINE_URL": "clickhouse://u:hidden@127.0.0.1:9/x"}, "ClickHouse at 127.0.0.1:9"),
        (("demo", "--data", "nowhere"), {}, "There is no folder"),
        (("demo", "--print-credentials"), {}, "There is no demo"),
        (("demo", "--fresh"), {"BANSO_DATABASE_URL": "postgresql://banso@127.0.0.1:1/x"}, "embedded database only"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(
    arguments: tuple[str, ...], given: dict[str, str], sentence: str, tmp_path: Path
) -> None:
    done = banso(*arguments, data=tmp_path, settings=given)
    assert done.returncode == 2
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr
    assert "hidden" not in done.stderr


def test_an_installation_is_copied_to_its_new_engine_and_compared(installed: Path, tmp_path: Path) -> None:
    pytest.importorskip("chdb", reason="chdb is not installed: pip install chdb clickhouse-connect")
    file = tmp_path / "usage.csv"
    file.write_text("account,at,event\nA-1,2026-03-01 10:00,report.opened\nA-1,2026-02-01 10:00,export.done\n")
    accounts = tmp_path / "accounts.csv"
    accounts.write_text(CSV)
    for kind, given in (("accounts", accounts), ("usage", file)):
        done = banso("import", str(given), "--as", kind, data=installed)
        assert done.returncode == 0, done.stdout + done.stderr

    done = banso("engine", "copy", data=installed, settings={"BANSO_ENGINE_URL": "chdb:///copied"})

    assert done.returncode == 0, done.stderr
    assert "1/6  roll_up/accounts/" in done.stdout
    assert "2026-02  daily                1  =" in done.stdout
    assert "The engine holds all 5 rows, and their checksums agree." in done.stdout


def test_a_port_in_use_is_said_with_another_to_try(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = banso("demo", "--port", str(port), data=tmp_path)
    assert done.returncode == 2
    assert f"Port {port} is in use" in done.stderr


def test_a_file_in_place_of_the_folder_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = banso("demo", data=tmp_path / "file" / "inside")
    assert done.returncode == 2
    assert "cannot be written to" in done.stderr


def test_a_folder_that_may_not_be_written_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(**_options: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("tempfile.TemporaryFile", refuse)  # root may write everywhere
    with pytest.raises(Refusal, match="Permission denied"):
        make_writable(tmp_path)


def test_a_free_port_is_found() -> None:
    assert free_port("127.0.0.1", 0) > 1023
    with pytest.raises(Refusal, match=r"203\.0\.113\.7"):
        free_port("203.0.113.7", 0)


def test_an_operator_makes_users_and_keys(installed: Path) -> None:
    again = banso("user", "create", "--email", EMAIL, data=installed)
    assert again.returncode == 2
    assert "Traceback" not in again.stderr
    key = json.loads(banso("key", "create", "--scope", "read", "--json", data=installed).stdout)
    assert key["scope"] == "read"
    assert len(key["key"]) > 20


def test_an_operator_tries_an_import_and_does_it(installed: Path, tmp_path: Path) -> None:
    file = tmp_path / "accounts.csv"
    file.write_text(CSV, encoding="cp932")
    dry = banso("import", str(file), "--as", "accounts", "--dry-run", data=installed)
    assert dry.returncode == 0, dry.stderr
    done = banso("import", str(file), "--as", "accounts", data=installed)
    assert "2 added" in done.stdout, done.stderr


def test_an_import_says_what_it_refuses(installed: Path, tmp_path: Path) -> None:
    file = tmp_path / "accounts.csv"
    file.write_text(CSV + "A-3,山田商事,2024-02-30\n", encoding="utf-8")
    done = banso("import", str(file), "--as", "accounts", data=installed)
    assert done.returncode == 1
    assert "4" in done.stderr
    (tmp_path / "map.yaml").write_text("columns: [nonsense")
    wrong = banso("import", str(file), "--as", "accounts", "--map", str(tmp_path / "map.yaml"), data=installed)
    assert wrong.returncode == 2
    assert "Traceback" not in wrong.stderr
    file.write_bytes(b"")
    empty = banso("import", str(file), "--as", "accounts", data=installed)
    assert empty.returncode in {1, 2}
    assert "Traceback" not in empty.stderr


def test_an_import_reports_the_quality_of_the_data(installed: Path, tmp_path: Path) -> None:
    file = tmp_path / "accounts.csv"
    file.write_text(CSV + "A-1,株式会社あおぞら,2024-04-01\nA-4,来年商店,2099-04-01\n", encoding="utf-8")
    arguments = ("import", str(file), "--as", "accounts", "--skip-bad", "--dry-run")
    said = banso(*arguments, data=installed, settings={"BANSO_LANGUAGE": "ja"})
    assert "データ品質:" in said.stdout, said.stderr
    assert "同じ行が2回以上あります" in said.stdout
    told = json.loads(banso(*arguments, "--json", data=installed).stdout)
    assert (told["rows"], told["added"], told["state"]) == (4, 3, "checked")
    found = {one["code"]: one for one in told["findings"]}
    assert {"repeated_row", "future_date"} <= set(found)
    assert found["future_date"]["rows"] == [5]
    assert "have not come yet" in found["future_date"]["text"]


def test_the_doctor_says_what_to_do(installed: Path, tmp_path: Path) -> None:
    new = banso("doctor", data=tmp_path / "new")
    assert new.returncode == 1
    assert "banso serve" in new.stdout
    made = banso("doctor", data=installed)
    assert "✓ Database (sqlite)" in made.stdout
    assert "banso worker" in made.stdout
    assert "✗ Worker  Seconds since it was seen: –" in made.stdout
    lost = banso("doctor", data=tmp_path / "new", settings={"BANSO_DATABASE_URL": "postgresql://banso@127.0.0.1:1/x"})
    assert "✗ Database" in lost.stdout
    assert "The database cannot be used: connection failed" in lost.stdout
    assert "Check BANSO_DATABASE_URL" in lost.stdout


def test_the_doctor_does_not_wait_for_a_database_that_says_nothing(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        began = time.monotonic()
        done = banso("doctor", data=tmp_path, settings={"BANSO_DATABASE_URL": f"postgresql://banso@127.0.0.1:{port}/x"})
        took = time.monotonic() - began
    assert done.returncode == 1
    assert "The database cannot be used: connection timeout expired" in done.stdout
    assert took < 60  # libpq itself waits for ever


def test_a_demo_never_touches_an_installation_that_is_none(tmp_path: Path) -> None:
    (tmp_path / "banso.sqlite3").write_text("precious")
    for arguments in (["demo"], ["demo", "--fresh"]):
        done = banso(*arguments, data=tmp_path)
        assert done.returncode == 2
        assert "no demo" in done.stderr
    assert (tmp_path / "banso.sqlite3").read_text() == "precious"


def test_a_demo_with_another_data_set_says_how_to_replace_it(tmp_path: Path) -> None:
    folders.write_note(tmp_path, Note("ravenstack", "a@example.jp", "secret", is_complete=True))
    assert stat.S_IMODE((tmp_path / folders.NOTE).stat().st_mode) == 0o600
    done = banso("demo", data=tmp_path)
    assert done.returncode == 2
    assert "--fresh" in done.stderr
    printed = json.loads(banso("demo", "--print-credentials", data=tmp_path).stdout)
    assert printed["password"] == "secret"
    (tmp_path / folders.NOTE).write_text("{")
    assert "damaged" in banso("demo", data=tmp_path).stderr


def test_each_data_set_has_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("BANSO_DATA")
    assert folders.folder_of("demo") == tmp_path / "var" / "demo-demo"
    assert folders.folder_of("../Some Data/") == tmp_path / "var" / "demo-some-data"
    monkeypatch.setenv("BANSO_DATA", str(tmp_path / "own"))
    assert folders.folder_of("demo") == tmp_path / "own"


def test_commands_speak_to_the_demo_that_runs(installed: Path, tmp_path: Path) -> None:
    demo = tmp_path / "var" / "demo-demo"
    shutil.copytree(installed, demo)
    with folders.held(demo):
        made = banso("key", "create", "--scope", "read", data=None, cwd=tmp_path)
        second = banso("demo", data=None, cwd=tmp_path)
    assert made.returncode == 0, made.stderr
    assert "Speaking to the demo" in made.stderr
    assert second.returncode == 2
    shutil.copytree(installed, tmp_path / "var", dirs_exist_ok=True)
    alone = banso("key", "create", "--scope", "read", data=None, cwd=tmp_path)
    assert alone.returncode == 0, alone.stderr
    assert "Speaking to the demo" not in alone.stderr


def test_a_demo_does_not_run_twice(tmp_path: Path) -> None:
    folders.write_note(tmp_path, Note("demo", "a@example.jp", "secret"))
    with folders.held(tmp_path):
        assert "runs already" in banso("demo", data=tmp_path).stderr
