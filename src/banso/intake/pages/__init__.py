"""The way of a file: upload, columns, preview, progress and result; and the list of all imports."""

from banso.intake.pages.drafting import columns, preview, reading
from banso.intake.pages.results import cancel, errors, imports, progress, report, show
from banso.intake.pages.uploading import upload

__all__ = [
    "cancel",
    "columns",
    "errors",
    "imports",
    "preview",
    "progress",
    "reading",
    "report",
    "show",
    "upload",
]
