"""The door for writing: files come in, are mapped, checked, saved; cancelled, taken up again, or said to be stopped."""

from banso.intake.actions.choosing import NotNow, cancel, choose_mapping, start
from banso.intake.actions.clearing import remove_old_files
from banso.intake.actions.commanding import UnknownSample, import_file, load_sample, read_map
from banso.intake.actions.events.compacting import Compacted, compact
from banso.intake.actions.previewing import Preview, columns_of, preview, read_anew
from banso.intake.actions.running import refresh, resume_or_report, run
from banso.intake.actions.uploading import limit_bytes, upload
from banso.intake.rules.mapping import WrongMap
from banso.intake.rules.refusals import Unreadable

__all__ = [
    "Compacted",
    "NotNow",
    "Preview",
    "UnknownSample",
    "Unreadable",
    "WrongMap",
    "cancel",
    "choose_mapping",
    "columns_of",
    "compact",
    "import_file",
    "limit_bytes",
    "load_sample",
    "preview",
    "read_anew",
    "read_map",
    "refresh",
    "remove_old_files",
    "resume_or_report",
    "run",
    "start",
    "upload",
]
