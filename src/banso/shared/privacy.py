"""What other companies' people are called and how they are reached, veiled where a reader need not know it."""

import json
import re
from typing import Any, Final

VEIL: Final = "…"
# What clients call facts about people, and secrets; compared without case, `_` and `-`.
TELLING: Final = frozenset(
    {
        "address",
        "birthday",
        "company",
        "email",
        "fax",
        "firstname",
        "fullname",
        "ip",
        "lastname",
        "mail",
        "mobile",
        "passwd",
        "password",
        "phone",
        "postalcode",
        "secret",
        "street",
        "tel",
        "token",
        "username",
        "writekey",
        "zip",
    }
)
_EMAIL: Final = re.compile(r"([\w.+-])[\w.+-]{0,63}@(?=[\w-]+\.[\w.-]+)")
_PHONE: Final = re.compile(r"(?<![\w-])(?:\+\d{1,3}[ -]?)?\(?\d{1,4}\)?[ -]\d{2,4}[ -]\d{3,4}(?![\w-])|\b0\d{9,10}\b")
_DEEPEST: Final = 20


def veiled(text: str) -> str:
    """Return a text in which e-mail addresses keep their first letter and domain, and telephone numbers nothing."""
    return _PHONE.sub(VEIL, _EMAIL.sub(rf"\1{VEIL}@", text))


def is_telling(name: str) -> bool:
    """Return whether a fact of this name tells of a person, or is a secret."""
    return re.sub(r"[_\-\s]", "", name).lower() in TELLING


def veiled_json(text: str) -> str:
    """Return JSON for reading, with what tells of people veiled; what is no JSON is veiled as a text."""
    try:
        plain = json.loads(text)
    except (ValueError, RecursionError):
        return veiled(text)
    return json.dumps(_veiled(plain, 0), ensure_ascii=False, indent=2)


def _veiled(value: Any, depth: int) -> Any:
    if isinstance(value, str):
        return veiled(value)
    if depth > _DEEPEST:
        return VEIL
    if isinstance(value, list):
        return [_veiled(one, depth + 1) for one in value]
    if isinstance(value, dict):
        return {
            name: VEIL if is_telling(name) and isinstance(one, str | int) else _veiled(one, depth + 1)
            for name, one in value.items()
        }
    return value
