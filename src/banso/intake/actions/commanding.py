"""The same imports for the command line: one file with its map, or a sample of several files."""

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Final

import yaml

from banso.intake.actions.choosing import start
from banso.intake.actions.running import refresh, run
from banso.intake.actions.uploading import upload
from banso.intake.models import State
from banso.intake.queries import imports
from banso.intake.queries.files import CHUNK
from banso.intake.rules import mapping
from banso.intake.rules.mapping import Map, WrongMap
from banso.people import actions as people
from banso.people import queries as company
from banso.people.access import Actor

SAMPLES: Final = Path(__file__).resolve().parent.parent / "samples"
ABOUT: Final = "sample.yaml"


class UnknownSample(Exception):
    """A sample that Banso does not know, or whose files are not in the folder; its text names what is missing."""


def read_map(path: Path, *, kind: str = "") -> Map:
    """Return the map of a YAML file; raises WrongMap with what is wrong."""
    try:
        raw = yaml.safe_load(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError) as problem:
        raise WrongMap("map_unreadable", file=path.name, reason=str(problem)[:200]) from problem
    except yaml.YAMLError as problem:
        raise WrongMap("map_is_no_yaml", file=path.name, reason=_first_line(problem)) from problem
    return mapping.from_plain(raw, kind=kind)


def _first_line(problem: yaml.YAMLError) -> str:
    """Return what is wrong with a YAML file on one line, with its place."""
    if isinstance(problem, yaml.MarkedYAMLError) and problem.problem_mark is not None:
        mark = problem.problem_mark
        return f"{mark.line + 1}:{mark.column + 1}: {problem.problem}"
    return str(problem).splitlines()[0][:300]


def import_file(
    path: Path,
    *,
    kind: str = "",
    chosen: Map | None = None,
    by: Actor,
    now: datetime,
    is_dry_run: bool = False,
    skips_bad_rows: bool = False,
    is_refreshing: bool = True,
) -> imports.ImportRow:
    """Import one file now, in this process, and return what became of it: state, counts, refusals, findings.

    Without a map, its columns are read as last time or as guessed. Raises Unreadable and WrongMap if it cannot begin.
    """
    kind = chosen.kind if chosen else kind
    one = upload(chunks=_chunks(path), file_name=path.name, kind=kind, by=by, now=now, chosen=chosen)
    start(import_id=one.pk, skips_bad_rows=skips_bad_rows, is_dry_run=is_dry_run, by=by, now=now, is_queued=False)
    done = run(one.pk, now=now, by=by, beside=path.parent, is_refreshing=is_refreshing)
    return imports.row_of(done)


def load_sample(
    name: str, folder: Path, *, by: Actor, now: datetime, progress: Callable[[str, int, int], None] | None = None
) -> list[imports.ImportRow]:
    """Import all files of a sample: `oss_activity`, `ravenstack`, or a folder with maps (`*.yaml`) of its own.

    Rows that cannot be taken are left out and reported. `progress` is told the file, its place and how many there are.
    Raises UnknownSample.
    """
    maps = SAMPLES / name if (SAMPLES / name).is_dir() and name.isidentifier() else folder
    plan = list(_plan(maps, folder))
    if not plan:
        raise UnknownSample(f"{name}: {folder}")
    _set_up(maps, by=by, now=now)
    done = []
    for place, (chosen, path) in enumerate(plan):
        if progress is not None:
            progress(path.name, place, len(plan))
        row = import_file(path, chosen=chosen, by=by, now=now, skips_bad_rows=True, is_refreshing=False)
        done.append(row)
        if row.state == State.FAILED:
            break
    refresh(by=by, now=now)
    return done


def _plan(maps: Path, folder: Path) -> Iterator[tuple[Map, Path]]:
    for path in sorted(maps.glob("*.yaml")):
        if path.name == ABOUT:
            continue
        chosen = read_map(path)
        file = folder / Path(chosen.file).name
        if not chosen.file or not file.is_file():
            raise UnknownSample(f"{chosen.file or path.name}: {folder}")
        yield chosen, file


def _set_up(maps: Path, *, by: Actor, now: datetime) -> None:
    """Give the company the currency that a sample is in: there are no rates in it."""
    about = maps / ABOUT
    wanted = yaml.safe_load(about.read_text(encoding="utf-8")) if about.is_file() else {}
    currency = wanted.get("currency")
    if currency and company.company().currency != currency:
        people.set_company(by=by, now=now, currency=currency)


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            yield chunk
