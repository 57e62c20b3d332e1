"""What came in, and where from: files with their columns, progress and refusals; sources; events not counted."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    ACCOUNTS = "accounts", _("Accounts")
    PEOPLE = "people", _("People")
    CONTRACTS = "contracts", _("Contracts")
    USAGE = "usage", _("Usage events")
    SERIES = "series", _("Account series")


class State(models.TextChoices):
    DRAFT = "draft", _("Draft")  # uploaded, columns not yet confirmed
    WAITING = "waiting", _("Waiting")
    RUNNING = "running", _("Running")
    DONE = "done", _("Succeeded")
    PARTIAL = "partial", _("Partly succeeded")
    FAILED = "failed", _("Failed")
    STOPPED = "stopped", _("Stopped")  # the worker died in the middle and could not go on
    CANCELLED = "cancelled", _("Cancelled")
    CHECKED = "checked", _("Checked")  # a dry run


class SourceKind(models.TextChoices):
    FOLDER = "folder", _("Watched folder")
    POSTGRESQL = "postgresql", "PostgreSQL"
    CLICKHOUSE = "clickhouse", "ClickHouse"
    DUCKDB = "duckdb", "DuckDB"
    SALESFORCE = "salesforce", "Salesforce"
    HUBSPOT = "hubspot", "HubSpot"


class Source(models.Model):
    """Where data comes from by itself: read again and again, until somebody pauses it."""

    kind = models.CharField(max_length=20, choices=SourceKind)
    name = models.CharField(max_length=100, unique=True)
    settings = models.JSONField(default=dict)
    sealed = models.TextField(blank=True)  # passwords and tokens, encrypted; opened only to be used
    every_minutes = models.PositiveIntegerField()
    due_at = models.DateTimeField()  # when it is read next, unless it is paused
    paused_at = models.DateTimeField(null=True)
    paused_by = models.CharField(max_length=200, blank=True)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=200)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(kind__in=SourceKind.values), name="source_kind_is_known"),
            models.CheckConstraint(condition=models.Q(every_minutes__gte=1), name="source_comes_round"),
            models.CheckConstraint(
                condition=models.Q(paused_at__isnull=True, paused_by="")
                | (models.Q(paused_at__isnull=False) & ~models.Q(paused_by="")),
                name="source_pause_has_an_author",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Feed(models.Model):
    """What is read from a source: which of its data, as what, by which map, and up to where it was read."""

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=20, choices=Kind)
    # In the words of the source's kind: the pattern of names of files, a statement, an object.
    what = models.TextField()
    cursor_column = models.CharField(max_length=200, blank=True)
    starts_at = models.CharField(max_length=200, blank=True)  # the cursor of the very first time
    cursor = models.CharField(max_length=200, blank=True)  # up to where it was read, durably
    # Confirmed by a person; empty until then, and nothing is read.
    mapping = models.JSONField(default=dict)
    made_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(kind__in=Kind.values), name="feed_kind_is_known"),
        ]

    def __str__(self) -> str:
        return self.what


class SourceRun(models.Model):
    """One reading of a source; what came in are its imports, and its counts are theirs."""

    OPEN: ClassVar = (State.WAITING, State.RUNNING)

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="+")
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=200)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    failure = models.JSONField(default=dict)  # why it ended early: a refusal
    notes = models.JSONField(default=list)  # what was left out, as refusals

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(state__in=["waiting", "running", "done", "partial", "failed", "stopped"]),
                name="source_run_state_is_known",
            ),
            models.UniqueConstraint(
                fields=["source"],
                condition=models.Q(state__in=["waiting", "running"]),
                name="source_runs_once_at_a_time",
            ),
        ]

        indexes: ClassVar = [models.Index(fields=["source", "-asked_at", "-id"], name="source_run_by_age")]

    def __str__(self) -> str:
        return f"{self.source_id}: {self.state}"


class Import(models.Model):
    """One file on its way in."""

    kind = models.CharField(max_length=20, choices=Kind)
    file_name = models.CharField(max_length=255)
    # Under DATA/uploads, by a name of our own: the file, its checked rows, its progress, what was refused.
    folder = models.CharField(max_length=64, unique=True)
    size_bytes = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    encoding = models.CharField(max_length=20, blank=True)
    delimiter = models.CharField(max_length=4, blank=True)
    sheet = models.CharField(max_length=100, blank=True)
    source = models.CharField(max_length=100, blank=True)
    columns = models.JSONField(default=list)
    mapping = models.JSONField(default=dict)
    skips_bad_rows = models.BooleanField(default=False)
    is_dry_run = models.BooleanField(default=False)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    rows_total = models.BigIntegerField(null=True)
    rows_added = models.BigIntegerField(default=0)
    rows_changed = models.BigIntegerField(default=0)
    rows_same = models.BigIntegerField(default=0)
    rows_refused = models.BigIntegerField(default=0)
    # How many parts of the checked rows are saved; written in the same transaction as the rows of a part.
    parts_saved = models.PositiveIntegerField(default=0)
    attempts = models.PositiveIntegerField(default=0)  # how often a worker took it up
    # The first refusals, for the page ({row, column, code, value}); all of them are in the error file.
    refusals = models.JSONField(default=list)
    findings = models.JSONField(default=list)  # the data-quality report
    spellings = models.JSONField(default=list)  # how the file writes yes and no; compared with the next of its source
    failure = models.JSONField(default=dict)  # why it failed as a whole: {code, ...}
    # What it was read from, where no person sent it; without a run it is a sample, by which somebody confirms columns.
    feed = models.ForeignKey(Feed, null=True, on_delete=models.SET_NULL, related_name="+")
    run = models.ForeignKey(SourceRun, null=True, on_delete=models.SET_NULL, related_name="+")
    place = models.CharField(max_length=400, blank=True)  # where it stood there, so that it comes in once
    # Files are kept for some time only; from then on the row tells what became of them.
    file_removed_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(kind__in=Kind.values), name="import_kind_is_known"),
            models.CheckConstraint(condition=models.Q(state__in=State.values), name="import_state_is_known"),
            models.UniqueConstraint(
                fields=["feed", "place"], condition=~models.Q(place=""), name="import_is_once_for_its_place"
            ),
        ]

        indexes: ClassVar = [models.Index(fields=["-made_at", "-id"], name="import_by_age")]

    def __str__(self) -> str:
        return self.file_name


class Mapping(models.Model):
    """How the columns of files from one source are read, remembered for the next file with the same columns."""

    kind = models.CharField(max_length=20, choices=Kind)
    signature = models.CharField(max_length=64)  # digest of the header row
    name = models.CharField(max_length=100)
    mapping = models.JSONField()
    used_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind", "signature"], name="mapping_is_once_for_its_columns"),
        ]

    def __str__(self) -> str:
        return self.name


class Quarantined(models.Model):
    """An event that could not be counted, kept as it was sent until it is mended, removed, or too old."""

    # Where it stood in the spool: once, however often the line is read.
    place = models.CharField(max_length=150, unique=True)
    reason = models.CharField(max_length=30)
    event = models.TextField()
    # Whether `event` is all that was sent; only then it can be tried again.
    is_whole = models.BooleanField(default=True)
    marks = models.JSONField(default=list)
    source = models.BigIntegerField(null=True)  # the write key
    path = models.CharField(max_length=20, blank=True)
    sent_at = models.CharField(max_length=100, blank=True)
    received_at = models.DateTimeField()
    # Somebody decided that it is not to count; it can be brought back while it is kept.
    discarded_at = models.DateTimeField(null=True)
    discarded_by = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(discarded_at=None, discarded_by="")
                | (models.Q(discarded_at__isnull=False) & ~models.Q(discarded_by="")),
                name="discarded_by_somebody_sometime",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["-received_at", "-id"], name="quarantined_by_age"),
            models.Index(fields=["reason", "-received_at", "-id"], name="quarantined_by_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.reason}: {self.place}"
