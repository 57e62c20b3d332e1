"""The law of languages: every sentence has its Japanese, once, and nothing is translated that nobody says."""

import re
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog, Message

from tools.messages.catalogues import PLACE, ROOT, areas, read
from tools.messages.extraction import Sentence, said_in

PLACEHOLDER: Final = re.compile(r"%\((\w+)\)[0-9.]*[a-z]|\{(\w*)\}")


def faults(root: Path = ROOT) -> list[str]:
    """Return what is missing, empty, fuzzy, left over or contradictory in the translations."""
    found: list[str] = []
    spoken: dict[Sentence, tuple[str, str]] = {}
    for area in areas(root):
        said = said_in(area)
        catalogue = read(area / PLACE) if (area / PLACE).exists() else Catalog(locale="ja")
        entries = {sentence_of(message): message for message in catalogue if message.id}
        found += [
            f"{area.name}: no Japanese for “{one.text}” ({place})" for one, place in said.items() if one not in entries
        ]
        for sentence, message in entries.items():
            found += [f"{area.name}: {trouble}" for trouble in _troubles(sentence, message, is_said=sentence in said)]
            japanese = " / ".join(_texts(message.string))
            other, theirs = spoken.setdefault(sentence, (area.name, japanese))
            if theirs != japanese:
                found.append(f"{area.name} says “{japanese}” for “{sentence.text}”, {other} says “{theirs}”")
    return found


def sentence_of(message: Message) -> Sentence:
    """Return the sentence that an entry translates."""
    text, plural = (message.id[0], message.id[1]) if isinstance(message.id, tuple | list) else (message.id, "")
    return Sentence(text, plural, message.context or "")


def _troubles(sentence: Sentence, message: Message, *, is_said: bool) -> list[str]:
    found = []
    if not is_said:
        found.append(f"nobody says “{sentence.text}”")
    if message.fuzzy:
        found.append(f"“{sentence.text}” is marked fuzzy")
    if not all(_texts(message.string)):
        found.append(f"“{sentence.text}” is empty")
    known = _places(sentence.text) | _places(sentence.plural)
    made_up = {place for text in _texts(message.string) for place in _places(text)} - known
    if made_up:
        found.append(f"“{sentence.text}” has no place for {', '.join(sorted(made_up))}")
    return found


def _texts(string: str | list[str] | tuple[str, ...] | None) -> list[str]:
    return [string or ""] if isinstance(string, str | None) else list(string)


def _places(text: str) -> set[str]:
    return {match.group() for match in PLACEHOLDER.finditer(text)}
