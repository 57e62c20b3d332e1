"""What operators set: every BANSO_* name, its type, its default. An unknown or wrong one stops the start with a sentence."""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from zoneinfo import ZoneInfo, available_timezones

LANGUAGES = ("ja", "en")


class WrongSetting(Exception):
    """A BANSO_* variable that Banso cannot start with; its text says which, why, and what to write instead."""


@dataclass(frozen=True)
class Environment:
    """The settings of one installation, read once at start."""

    data: Path
    database_url: str
    engine_url: str
    secret_key: str
    secret_key_file: str
    host: str
    port: int
    language: str
    time_zone: str
    shared: Path
    allowed_hosts: tuple[str, ...]
    debug: bool
    https: bool
    mail_url: str


def read(variables: Mapping[str, str] = os.environ) -> Environment:
    """Read and check all BANSO_* variables; raises WrongSetting with a sentence for the operator."""
    given = {name.removeprefix("BANSO_").lower(): value for name, value in variables.items() if name.startswith("BANSO_")}
    known = {field.name for field in fields(Environment)}
    if unknown := sorted(set(given) - known):
        names = ", ".join(f"BANSO_{name.upper()}" for name in unknown)
        raise WrongSetting(f"Unknown setting: {names}. docs/configuration.md lists those that exist.")
    data = Path(given.get("data", "var")).absolute()
    return Environment(
        data=data,
        database_url=given.get("database_url", f"sqlite:///{data / 'banso.sqlite3'}"),
        engine_url=given.get("engine_url", "duckdb:"),
        secret_key=given.get("secret_key", ""),
        secret_key_file=given.get("secret_key_file", ""),
        host=given.get("host", "127.0.0.1"),
        port=_port(given.get("port", "8000")),
        language=_one_of("BANSO_LANGUAGE", given.get("language", "ja"), LANGUAGES),
        time_zone=_time_zone(given.get("time_zone", "Asia/Tokyo")),
        shared=Path(given.get("shared", "../shared")).absolute(),
        allowed_hosts=tuple(name.strip() for name in given.get("allowed_hosts", "localhost,127.0.0.1,[::1]").split(",")),
        debug=_yes_or_no("BANSO_DEBUG", given.get("debug", "no")),
        https=_yes_or_no("BANSO_HTTPS", given.get("https", "no")),
        mail_url=given.get("mail_url", "console:"),
    )


def secret_key(environment: Environment) -> str:
    """Return the signing key: as given, from the file given, or made once and kept in the data folder (mode 0600)."""
    if environment.secret_key:
        return environment.secret_key
    path = Path(environment.secret_key_file) if environment.secret_key_file else environment.data / "secret_key"
    try:
        if not path.exists() and not environment.secret_key_file:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch(mode=0o600)
            path.write_text(secrets.token_urlsafe(50))
        return path.read_text().strip()
    except OSError as error:
        raise WrongSetting(
            f"The folder {path.parent} cannot be used ({error.strerror}). "
            "Make it writable, or set BANSO_DATA to a folder that is."
        ) from error


def _port(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 0 < int(text) < 65536:
        raise WrongSetting(f"BANSO_PORT is {text!r}; it must be a number from 1 to 65535.")
    return int(text)


def _one_of(name: str, value: str, allowed: tuple[str, ...]) -> str:
    if value not in allowed:
        raise WrongSetting(f"{name} is {value!r}; it must be one of {', '.join(allowed)}.")
    return value


def _time_zone(name: str) -> str:
    if name not in available_timezones():
        raise WrongSetting(f"BANSO_TIME_ZONE is {name!r}; it must be a name such as Asia/Tokyo or Europe/Berlin.")
    return ZoneInfo(name).key


def _yes_or_no(name: str, text: str) -> bool:
    known = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False, "": False}
    if text.lower() not in known:
        raise WrongSetting(f"{name} is {text!r}; it must be yes or no.")
    return known[text.lower()]
