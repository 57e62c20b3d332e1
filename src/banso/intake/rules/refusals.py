"""What was refused and why: a code with its facts, which pages turn into a sentence in the reader's language."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

VALUE_LENGTH: Final = 100


@dataclass(frozen=True)
class Refusal:
    """One thing that cannot be taken: code, row as a spreadsheet counts it (the header is row 1), column, value."""

    code: str
    row: int | None = None
    column: str = ""
    value: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Return the refusal as plain JSON, as it is kept with the import."""
        return {
            "code": self.code,
            "row": self.row,
            "column": self.column,
            "value": shown(self.value),
            "facts": dict(self.facts),
        }


class Unreadable(Exception):
    """A file that cannot be read as a table at all; carries the refusal that says why."""

    def __init__(self, code: str, *, row: int | None = None, column: str = "", value: str = "", **facts: Any) -> None:
        self.refusal = Refusal(code=code, row=row, column=column, value=value, facts=facts)
        super().__init__(code)


def from_json(kept: Mapping[str, Any]) -> Refusal:
    """Return the refusal that `as_json` wrote."""
    return Refusal(
        code=str(kept.get("code", "")),
        row=kept.get("row"),
        column=str(kept.get("column", "")),
        value=str(kept.get("value", "")),
        facts=kept.get("facts") or {},
    )


def shown(value: str) -> str:
    """Return a value as it may be shown and stored: short, without NUL and lone surrogates."""
    clean = value.replace("\x00", "␀").encode("utf-8", "replace").decode("utf-8")
    return clean if len(clean) <= VALUE_LENGTH else clean[:VALUE_LENGTH] + "…"
