"""The door for writing: files come in, are mapped, checked, saved; cancelled, taken up again, or said to be stopped."""

from banso.intake.actions.choosing import NotNow, cancel, choose_mapping, start
from banso.intake.actions.clearing import remove_old_files
from banso.intake.actions.commanding import UnknownSample, import_file, load_sample, read_map
from banso.intake.actions.events.compacting import Compacted, compact
from banso.intake.actions.events.mending import (
    Decided,
    Mended,
    NotThere,
    Retried,
    StillWrong,
    bring_back,
    discard,
    forget_old_events,
    mend,
    mend_some,
    retry,
)
from banso.intake.actions.events.receiving import spool_batch
from banso.intake.actions.previewing import Preview, columns_of, preview, read_anew, sheets_of
from banso.intake.actions.running import refresh, resume_or_report, run
from banso.intake.actions.sources.keeping import NameTaken
from banso.intake.actions.sources.pulling import NothingToRead, SampleMissing, close_cut_off, pull, start_due
from banso.intake.actions.uploading import limit_bytes, upload
from banso.intake.rules.mapping import WrongMap
from banso.intake.rules.refusals import Unreadable
from banso.intake.rules.sourcing import SourceProblem

__all__ = [
    "Compacted",
    "Decided",
    "Mended",
    "NameTaken",
    "NotNow",
    "NotThere",
    "NothingToRead",
    "Preview",
    "Retried",
    "SampleMissing",
    "SourceProblem",
    "StillWrong",
    "UnknownSample",
    "Unreadable",
    "WrongMap",
    "bring_back",
    "cancel",
    "choose_mapping",
    "close_cut_off",
    "columns_of",
    "compact",
    "discard",
    "forget_old_events",
    "import_file",
    "limit_bytes",
    "load_sample",
    "mend",
    "mend_some",
    "preview",
    "pull",
    "read_anew",
    "read_map",
    "refresh",
    "remove_old_files",
    "resume_or_report",
    "retry",
    "run",
    "sheets_of",
    "spool_batch",
    "start",
    "start_due",
    "upload",
]
