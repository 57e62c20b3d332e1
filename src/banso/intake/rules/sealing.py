"""Secrets of sources: sealed before they are kept, opened only to be used."""

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet


class Unopenable(Exception):
    """A sealed text that none of the keys opens: the keys have changed, or it was tampered with."""


def seal(secrets: Mapping[str, str], keys: Sequence[str]) -> str:
    """Return secrets sealed (AES-128-CBC and HMAC-SHA-256, Fernet) with the first key; nothing becomes nothing."""
    return _box(keys).encrypt(json.dumps(dict(secrets)).encode()).decode() if secrets else ""


def unseal(sealed: str, keys: Sequence[str]) -> dict[str, str]:
    """Return what was sealed with any of the keys; raises Unopenable."""
    if not sealed:
        return {}
    try:
        opened: dict[str, str] = json.loads(_box(keys).decrypt(sealed.encode()))
    except (InvalidToken, ValueError) as error:
        raise Unopenable from error
    return opened


def _box(keys: Sequence[str]) -> MultiFernet:
    """Make a key of 32 bytes from each text; the prefix keeps it apart from all else that the text may sign."""
    digests = [hashlib.sha256(b"banso sources\x00" + key.encode()).digest() for key in keys]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])
