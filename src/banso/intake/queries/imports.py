"""Imports as pages show them: state, counts, the first refusals, and the data-quality report."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet

from banso.intake.models import Import, State
from banso.intake.queries import folders
from banso.intake.rules.findings import Finding
from banso.intake.rules.findings import from_json as finding_from
from banso.intake.rules.refusals import Refusal
from banso.intake.rules.refusals import from_json as refusal_from
from banso.people.access import User, may

PAGE: Final = 25
ENDED: Final = frozenset({State.DONE, State.PARTIAL, State.FAILED, State.STOPPED, State.CANCELLED, State.CHECKED})


@dataclass(frozen=True)
class ImportRow:
    """One import as it is now."""

    id: int
    kind: str
    kind_label: str
    file_name: str
    source: str
    size_bytes: int
    state: str
    state_label: str
    encoding: str
    delimiter: str
    sheet: str
    columns: tuple[str, ...]
    mapping: Mapping[str, Any]
    skips_bad_rows: bool
    is_dry_run: bool
    made_by: str
    made_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    total: int | None
    added: int
    changed: int
    same: int
    refused: int
    refusals: tuple[Refusal, ...]
    findings: tuple[Finding, ...]
    failure: Refusal | None
    progress: folders.Progress | None
    folder: str
    file_removed_at: datetime | None
    kept_until: datetime

    @property
    def is_running(self) -> bool:
        """Return whether a worker has it, or will."""
        return self.state in {State.WAITING, State.RUNNING}

    @property
    def is_draft(self) -> bool:
        """Return whether its columns are still to be confirmed."""
        return self.state == State.DRAFT

    @property
    def may_go_again(self) -> bool:
        """Return whether it ended in a way from which it can be set right and started once more."""
        ended = {State.FAILED, State.STOPPED, State.CANCELLED, State.CHECKED}
        return self.state in ended and self.file_removed_at is None


def within_reach(user: User) -> QuerySet[Import]:
    """Return the imports that somebody may see: all, or only their own where they do not see all accounts."""
    mine = Q() if user.reach == "all" else Q(made_by=user)
    # By a sample, the columns of a source are confirmed: that is for those who set sources up.
    found = Import.objects.filter(mine)
    return found if may(user, "intake.sources") else found.exclude(feed__isnull=False, run__isnull=True)


def import_of(user: User, import_id: int) -> ImportRow | None:
    """Return one import within reach, or nothing."""
    one = within_reach(user).select_related("made_by").filter(pk=import_id).first()
    return row_of(one) if one else None


def page(user: User, number: int) -> "tuple[list[ImportRow], int, int, int]":
    """Return a page of imports, newest first: the rows, the number of this page, of all pages, and of all imports."""
    newest = within_reach(user).select_related("made_by").order_by("-made_at", "-pk")
    found = Paginator(newest, PAGE).get_page(number)
    return [row_of(one) for one in found.object_list], found.number, found.paginator.num_pages, found.paginator.count


def row_of(one: Import) -> ImportRow:
    """Return an import as others see it."""
    return ImportRow(
        id=one.pk,
        kind=one.kind,
        kind_label=one.get_kind_display(),
        file_name=one.file_name,
        source=one.source,
        size_bytes=one.size_bytes,
        state=one.state,
        state_label=one.get_state_display(),
        encoding=one.encoding,
        delimiter=one.delimiter,
        sheet=one.sheet,
        columns=tuple(one.columns),
        mapping=one.mapping,
        skips_bad_rows=one.skips_bad_rows,
        is_dry_run=one.is_dry_run,
        made_by=str(one.made_by) if one.made_by else "Banso",
        made_at=one.made_at,
        started_at=one.started_at,
        ended_at=one.ended_at,
        total=one.rows_total,
        added=one.rows_added,
        changed=one.rows_changed,
        same=one.rows_same,
        refused=one.rows_refused,
        refusals=tuple(refusal_from(kept) for kept in one.refusals),
        findings=tuple(finding_from(kept) for kept in one.findings),
        failure=refusal_from(one.failure) if one.failure else None,
        progress=folders.progress(one.folder) if one.state == State.RUNNING else None,
        folder=one.folder,
        file_removed_at=one.file_removed_at,
        kept_until=last_touched_at(one) + timedelta(days=settings.UPLOAD_DAYS),
    )


def last_touched_at(one: Import) -> datetime:
    """Return when somebody, or a worker, last had to do with the file of an import."""
    return max(at for at in (one.made_at, one.started_at, one.ended_at) if at)


def refused_rows(row: ImportRow) -> Iterator[tuple[int, list[str], list[Refusal]]]:
    """Yield each refused row: its number, its cells as they were, and the reasons."""
    for kept in folders.refused(row.folder):
        yield kept["row"], kept["cells"], [refusal_from(one) for one in kept["refusals"]]
