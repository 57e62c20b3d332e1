"""YAML with the line of everything in it: safe for what strangers write."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import yaml

from banso.health.rules.checking import Fault, WrongDefinition, gettext_noop

type Path = tuple[str | int, ...]

LETTERS_AT_MOST: Final = 1_000_000
DEEPEST: Final = 20


@dataclass(frozen=True)
class Lines:
    """On which line (from 1) each value of a file stands, by its path."""

    by_path: Mapping[Path, int]

    def at(self, path: Path) -> int:
        """Return the line of a value, or of the nearest thing around it that is there."""
        for length in range(len(path), 0, -1):
            if path[:length] in self.by_path:
                return self.by_path[path[:length]]
        return 1


def read_lines(text: str) -> tuple[Any, Lines]:
    """Return the plain values of a YAML text, keys as texts, and their lines; raises WrongDefinition."""
    if len(text) > LETTERS_AT_MOST:
        raise _wrong(1, gettext_noop("The file is longer than a million letters. Split it."))
    try:
        _refuse_anchors(text)
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        lines: dict[Path, int] = {}
        faults = list(_walk(node, (), lines)) if node is not None else []
        plain = _plain(node) if node is not None and not faults else None
    except WrongDefinition:
        raise
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        message = gettext_noop("This is no YAML: %(reason)s. Look at the indentation, colons and quotes of this line.")
        line = mark.line + 1 if mark else 1
        raise _wrong(line, message, reason=error.problem or error.context or "?") from error
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        message = gettext_noop("This is no YAML: %(reason)s. Save the file as UTF-8 text.")
        raise _wrong(1, message, reason=str(error).splitlines()[0] if str(error) else type(error).__name__) from error
    if faults:
        raise WrongDefinition(faults)
    return plain, Lines(lines)


def _refuse_anchors(text: str) -> None:
    """Refuse what a few lines could blow up to more than any machine holds; definitions do without."""
    depth = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        line = event.start_mark.line + 1 if event.start_mark else 1
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise _wrong(line, gettext_noop("Anchors (&) and aliases (*) are not read. Write the value out."))
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            raise _wrong(line, gettext_noop("This is nested too deeply. Compare the file with one that was exported."))


def _walk(node: yaml.Node, path: Path, lines: dict[Path, int]) -> Iterator[Fault]:
    lines.setdefault(path, node.start_mark.line + 1)
    if isinstance(node, yaml.SequenceNode):
        for at, one in enumerate(node.value):
            yield from _walk(one, (*path, at), lines)
    if isinstance(node, yaml.MappingNode):
        for name, one in node.value:
            key, line = str(name.value), name.start_mark.line + 1
            if (*path, key) in lines:
                message = gettext_noop("%(key)s stands here twice, first on line %(first)s. Remove one of them.")
                values = {"key": key, "first": lines[(*path, key)]}
                yield Fault(".".join(map(str, (*path, key))), message, values, line=line)
                continue
            lines[(*path, key)] = line
            yield from _walk(one, (*path, key), lines)


def _plain(node: yaml.Node) -> Any:
    if isinstance(node, yaml.SequenceNode):
        return [_plain(one) for one in node.value]
    if isinstance(node, yaml.MappingNode):
        return {str(name.value): _plain(one) for name, one in node.value}
    return _Scalars("").construct_object(node)


class _Scalars(yaml.SafeLoader):
    """Makes values of single nodes."""


def _wrong(line: int, message: str, **values: object) -> WrongDefinition:
    return WrongDefinition([Fault("file", message, values, line=line)])
