"""An operator takes definitions out, edits them, is told what is wrong, applies them, and goes back."""

from pathlib import Path

from banso.site.tests.command_line import banso

TEXT = """\
measures:
  active:
    label: Active people
    kind: active_people
    window_days: 28
"""


def test_definitions_go_round(installed: Path, tmp_path: Path) -> None:
    file = tmp_path / "definitions.yaml"
    file.write_text(TEXT.replace("window_days", "window_day"), encoding="utf-8")
    wrong = banso("definitions", "check", str(file), data=installed)
    assert wrong.returncode == 1
    assert f"{file}:5: measures.active: There is no field window_day. Did you mean window_days?" in wrong.stderr

    file.write_text(TEXT, encoding="utf-8")
    dry = banso("definitions", "apply", str(file), "--dry-run", data=installed)
    assert (dry.returncode, "+ window_days: 28" in dry.stdout, "in force" in dry.stdout) == (0, True, False), dry
    done = banso("definitions", "apply", str(file), "--note", "first", data=installed)
    assert "active: version 1 is in force." in done.stdout, done.stderr

    file.write_text(TEXT.replace("28", "56"), encoding="utf-8")
    longer = banso("definitions", "apply", str(file), data=installed)
    assert "- window_days: 28" in longer.stdout
    assert "active: version 2 is in force." in longer.stdout
    back = banso("definitions", "roll-back", "active", "--to", "1", data=installed)
    assert "active: version 3 is in force." in back.stdout, back.stderr
    told = banso("definitions", "history", "active", data=installed).stdout.splitlines()
    assert [line.split()[0] for line in told] == ["v3", "v2", "v1"]
    assert told[-1].endswith("first")

    out = tmp_path / "out.yaml"
    assert banso("definitions", "export", str(out), data=installed).returncode == 0
    assert "window_days: 28" in out.read_text(encoding="utf-8")
    same = banso("definitions", "apply", str(out), data=installed)
    assert f"{out} says what is in force already." in same.stdout


def test_what_cannot_be_done_with_definitions_is_said(installed: Path, tmp_path: Path) -> None:
    file = tmp_path / "definitions.yaml"
    file.write_bytes("指標".encode("cp932"))
    for arguments, sentence in (
        (("check", str(file)), "Save it as UTF-8 text."),
        (("history", "never"), "There is no measure never."),
        (("roll-back", "never", "--to", "1"), "There is no measure never."),
        (("export", str(tmp_path / "nowhere" / "out.yaml")), "Choose another place."),
    ):
        answer = banso("definitions", *arguments, data=installed)
        assert (answer.returncode, sentence in answer.stderr) == (2, True), answer.stderr
