"""What operators set: every BANSO_* name, its type, its default; an unknown or wrong one stops the start."""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, fields
from email.utils import parseaddr
from gettext import gettext as _
from pathlib import Path
from zoneinfo import ZoneInfo, available_timezones

LANGUAGES = ("ja", "en")
ENGINES = ("duckdb:", "clickhouse:", "chdb:", "spark:")


class WrongSetting(Exception):
    """A BANSO_* variable that Banso cannot start with; its text says which, why, and what to write instead."""


@dataclass(frozen=True)
class Environment:
    """The settings of one installation, read once at start; docs/configuration.md says what each is for."""

    data: Path
    database_url: str
    engine_url: str
    secret_key: str
    secret_key_file: str
    host: str
    port: int
    workers: int
    language: str
    time_zone: str
    shared: Path
    allowed_hosts: tuple[str, ...]
    debug: bool
    https: bool
    mail_url: str
    mail_from: str
    api_rate: int
    session_days: int
    session_idle_hours: int
    upload_mb: int
    upload_days: int
    repeat_days: int
    events_batch_kb: int
    source_folders: tuple[Path, ...]
    source_hosts: tuple[str, ...]
    secrets_key: str


def read(variables: Mapping[str, str] = os.environ) -> Environment:
    """Read and check all BANSO_* variables; raises WrongSetting with a sentence for the operator."""
    given = {
        name.removeprefix("BANSO_").lower(): value for name, value in variables.items() if name.startswith("BANSO_")
    }
    _refuse_unknown(given)
    return Environment(
        data=Path(given.get("data") or "var").absolute(),
        database_url=_database_url(given.get("database_url", "")),
        engine_url=_engine_url(given.get("engine_url") or "duckdb:"),
        secret_key=given.get("secret_key", ""),
        secret_key_file=given.get("secret_key_file", ""),
        host=given.get("host", "127.0.0.1"),
        port=_number("BANSO_PORT", given.get("port", "8000"), 65535),
        workers=_number("BANSO_WORKERS", given.get("workers", "2"), 256),
        language=_one_of("BANSO_LANGUAGE", given.get("language", "ja"), LANGUAGES),
        time_zone=_time_zone(given.get("time_zone", "Asia/Tokyo")),
        shared=Path(given.get("shared", "../shared")).absolute(),
        allowed_hosts=_listed(given.get("allowed_hosts", "localhost,127.0.0.1,[::1]")),
        debug=_yes_or_no("BANSO_DEBUG", given.get("debug", "no")),
        https=_yes_or_no("BANSO_HTTPS", given.get("https", "no")),
        mail_url=given.get("mail_url", "console:"),
        mail_from=_sender(given.get("mail_from", "Banso <banso@localhost>")),
        api_rate=_number("BANSO_API_RATE", given.get("api_rate", "3000"), 1_000_000),
        session_days=_number("BANSO_SESSION_DAYS", given.get("session_days", "14"), 365),
        session_idle_hours=_number("BANSO_SESSION_IDLE_HOURS", given.get("session_idle_hours", "72"), 8760),
        upload_mb=_number("BANSO_UPLOAD_MB", given.get("upload_mb", "500"), 100_000),
        upload_days=_number("BANSO_UPLOAD_DAYS", given.get("upload_days", "90"), 36_500),
        repeat_days=_number("BANSO_REPEAT_DAYS", given.get("repeat_days", "14"), 3660),
        events_batch_kb=_number("BANSO_EVENTS_BATCH_KB", given.get("events_batch_kb", "500"), 4096),
        source_hosts=_listed(given.get("source_hosts", "")),
        secrets_key=given.get("secrets_key", ""),
        source_folders=_folders(
            "BANSO_SOURCE_FOLDERS",
            given.get("source_folders") or str(Path(given.get("data") or "var").absolute() / "incoming"),
        ),
    )


def _refuse_unknown(given: Mapping[str, str]) -> None:
    if unknown := sorted(set(given) - names()):
        listed = ", ".join(f"BANSO_{name.upper()}" for name in unknown)
        raise WrongSetting(
            _("Unknown setting: %(names)s. docs/configuration.md lists those that exist.") % {"names": listed}
        )


def names() -> set[str]:
    """Return the names of all settings, in small letters and without their prefix."""
    return {field.name for field in fields(Environment)}


def secret_key(environment: Environment) -> str:
    """Return the signing key: as given, from the file given, or made once and kept in the data folder (mode 0600)."""
    if environment.secret_key:
        return environment.secret_key
    path = Path(environment.secret_key_file) if environment.secret_key_file else environment.data / "secret_key"
    try:
        if not environment.secret_key_file and not path.exists():
            _make_key(path)
        return path.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise WrongSetting(
            _("The folder %(folder)s cannot be used (%(reason)s). Make it writable, or set BANSO_DATA.")
            % {"folder": path.parent, "reason": error.strerror}
        ) from error


def _make_key(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f"secret_key.{os.getpid()}")
    unfinished.touch(mode=0o600)
    unfinished.write_text(secrets.token_urlsafe(50), encoding="utf-8")
    try:
        os.link(unfinished, path)  # of two processes that start at once, one key wins, and it is never half written
    except FileExistsError:
        pass
    finally:
        unfinished.unlink()


def _database_url(text: str) -> str:
    if text and not text.startswith(("sqlite://", "postgres://", "postgresql://")):
        raise WrongSetting(
            _("BANSO_DATABASE_URL must begin with postgresql:// or sqlite://, such as %(example)s.")
            % {"example": "postgresql://banso:secret@localhost/banso"}
        )
    return text


def _engine_url(text: str) -> str:
    if not text.startswith(ENGINES):
        raise WrongSetting(
            _("BANSO_ENGINE_URL names no engine that Banso has; write %(examples)s.")
            % {"examples": "duckdb:, clickhouse://user:password@host:8443/database?secure=1, spark://host:7077"}
        )
    return text


def _number(name: str, text: str, largest: int) -> int:
    if not text.isascii() or not text.isdigit() or not 0 < int(text) <= largest:
        raise WrongSetting(
            _("%(name)s is “%(value)s”; it must be a number from 1 to %(largest)d.")
            % {"name": name, "value": text, "largest": largest}
        )
    return int(text)


def _one_of(name: str, value: str, allowed: tuple[str, ...]) -> str:
    if value not in allowed:
        raise WrongSetting(
            _("%(name)s is “%(value)s”; it must be one of %(allowed)s.")
            % {"name": name, "value": value, "allowed": ", ".join(allowed)}
        )
    return value


def _time_zone(name: str) -> str:
    if name not in available_timezones():
        raise WrongSetting(_("BANSO_TIME_ZONE is “%(value)s”; it must be a name such as Asia/Tokyo.") % {"value": name})
    return ZoneInfo(name).key


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _folders(name: str, text: str) -> tuple[Path, ...]:
    found = tuple(Path(part) for part in _listed(text))
    for path in found:
        if not path.is_absolute() or path == Path("/") or ".." in path.parts:
            raise WrongSetting(
                _("%(name)s names “%(value)s”; write whole paths below /, such as %(example)s.")
                % {"name": name, "value": path, "example": "/srv/banso/incoming"}
            )
    return found


def _sender(text: str) -> str:
    _name, address = parseaddr(text)
    if "@" not in address or "\n" in text:
        raise WrongSetting(
            _("BANSO_MAIL_FROM is “%(value)s”; it must be an address such as %(example)s.")
            % {"value": text, "example": "Banso <banso@example.jp>"}
        )
    return text


def _yes_or_no(name: str, text: str) -> bool:
    known = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False, "": False}
    if text.lower() not in known:
        raise WrongSetting(_("%(name)s is “%(value)s”; it must be yes or no.") % {"name": name, "value": text})
    return known[text.lower()]
