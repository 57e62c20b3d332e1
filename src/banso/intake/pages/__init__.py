"""The way of a file: upload, columns, preview, progress and result; and the list of all imports."""

from banso.intake.pages.drafting import columns, preview, reading
from banso.intake.pages.quarantine import (
    bring_events_back,
    discard_events,
    quarantine,
    quarantine_file,
    quarantined,
    retry_events,
)
from banso.intake.pages.results import cancel, errors, imports, progress, report, show
from banso.intake.pages.uploading import upload

__all__ = [
    "bring_events_back",
    "cancel",
    "columns",
    "discard_events",
    "errors",
    "imports",
    "preview",
    "progress",
    "quarantine",
    "quarantine_file",
    "quarantined",
    "reading",
    "report",
    "retry_events",
    "show",
    "upload",
]
