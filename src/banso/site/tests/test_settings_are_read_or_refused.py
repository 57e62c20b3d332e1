"""What operators set is understood, or refused with a sentence that says what to write instead."""

from pathlib import Path

import pytest

from banso.site.environment import WrongSetting, names, read, secret_key


def test_without_settings_there_is_a_trial_on_one_machine() -> None:
    found = read({})
    assert found.data == Path("var").absolute()
    assert (found.host, found.port, found.language, found.time_zone) == ("127.0.0.1", 8000, "ja", "Asia/Tokyo")
    assert not found.https
    assert not found.debug


def test_settings_are_taken_as_given(tmp_path: Path) -> None:
    found = read(
        {
            "BANSO_DATA": str(tmp_path),
            "BANSO_DATABASE_URL": "postgresql://banso@localhost/banso",
            "BANSO_PORT": "80",
            "BANSO_LANGUAGE": "en",
            "BANSO_TIME_ZONE": "Europe/Berlin",
            "BANSO_HTTPS": "yes",
            "BANSO_ALLOWED_HOSTS": "cs.example.jp, www.example.jp",
            "HOME": "elsewhere",
        }
    )
    assert found.data == tmp_path
    assert found.database_url == "postgresql://banso@localhost/banso"
    assert found.port == 80
    assert found.https
    assert found.allowed_hosts == ("cs.example.jp", "www.example.jp")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("BANSO_PORTT", "1"),
        ("BANSO_PORT", "0"),
        ("BANSO_PORT", "eight"),
        ("BANSO_PORT", "８０"),
        ("BANSO_WORKERS", "-1"),
        ("BANSO_LANGUAGE", "fr"),
        ("BANSO_TIME_ZONE", "Tokyo"),
        ("BANSO_HTTPS", "maybe"),
        ("BANSO_DATABASE_URL", "mysql://localhost/banso"),
        ("BANSO_ENGINE_URL", "mysql://localhost/banso"),
    ],
)
def test_a_wrong_setting_is_named(name: str, value: str) -> None:
    with pytest.raises(WrongSetting, match=name):
        read({name: value})


def test_every_name_is_known_in_small_letters() -> None:
    assert "database_url" in names()
    assert all(name == name.lower() for name in names())


def test_a_secret_key_is_made_once_for_its_owner_only(tmp_path: Path) -> None:
    settings = read({"BANSO_DATA": str(tmp_path / "new")})
    first = secret_key(settings)
    assert len(first) > 50
    assert secret_key(settings) == first
    assert (tmp_path / "new" / "secret_key").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["secret_key"]


def test_a_secret_key_comes_from_the_setting_or_from_its_file(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("from a file\n")
    assert secret_key(read({"BANSO_SECRET_KEY": "given"})) == "given"
    assert secret_key(read({"BANSO_SECRET_KEY_FILE": str(tmp_path / "key")})) == "from a file"


def test_a_folder_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(WrongSetting, match="file"):
        secret_key(read({"BANSO_DATA": str(tmp_path / "file" / "inside")}))
    with pytest.raises(WrongSetting):
        secret_key(read({"BANSO_SECRET_KEY_FILE": str(tmp_path / "none" / "key")}))


def test_folders_of_sources_lie_in_the_data_folder_unless_they_are_named() -> None:
    assert read({"BANSO_DATA": "/srv/banso"}).source_folders == (Path("/srv/banso/incoming"),)
    named = read({"BANSO_SOURCE_FOLDERS": "/srv/a, /srv/b,"}).source_folders
    assert named == (Path("/srv/a"), Path("/srv/b"))


@pytest.mark.parametrize("text", ["incoming", "/", "/srv/../etc"])
def test_folders_of_sources_are_whole_paths_below_the_root(text: str) -> None:
    with pytest.raises(WrongSetting, match="BANSO_SOURCE_FOLDERS"):
        read({"BANSO_SOURCE_FOLDERS": text})
