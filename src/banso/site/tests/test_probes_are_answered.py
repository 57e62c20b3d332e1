"""The door for probes says how the installation is, and needs no sign-in."""

import os
import shutil
import time
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.cache import cache
from django.db import DatabaseError
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from banso.intake import actions as intake
from banso.intake.testing import a_spooled_batch
from banso.operations import actions as operations
from banso.operations.queries import BEAT
from banso.people.testing import an_admin
from banso.site import pulse
from banso.site.pulse import Part
from banso.usage.jobs import roll_up_usage

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_worker() -> None:
    cache.delete(BEAT)


def test_all_is_well_while_a_worker_beats(client: Client) -> None:
    operations.beat(timezone.now())
    answer = client.get("/healthz")
    assert answer.status_code == 200
    body = answer.json()
    assert body["status"] == "ok"
    assert set(body["parts"]) == {"database", "engine", "worker", "spool"}
    assert "no-store" in answer.headers["Cache-Control"]


def test_without_a_worker_pages_work_and_jobs_wait(client: Client) -> None:
    roll_up_usage.enqueue()
    DBTaskResult.objects.update(enqueued_at=timezone.now() - timedelta(minutes=5))
    answer = client.get("/healthz")
    assert answer.status_code == 200
    assert answer.json()["status"] == "degraded"
    worker = answer.json()["parts"]["worker"]
    assert worker["seconds_since_seen"] is None
    assert worker["jobs_waiting"] == 1
    assert 295 < worker["lag_seconds"] < 310


def test_a_worker_that_is_silent_for_long_is_gone(client: Client) -> None:
    operations.beat(timezone.now() - timedelta(minutes=2))
    assert client.get("/healthz").json()["parts"]["worker"]["status"] == "degraded"


def test_a_database_that_fails_is_told_without_its_reasons(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails() -> Part:
        raise DatabaseError("secret.example refused")

    monkeypatch.setattr(pulse, "_database", fails)
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert answer.json()["status"] == "down"
    assert "secret" not in answer.content.decode()


def test_nothing_is_posted_to_the_probe(client: Client) -> None:
    assert client.post("/healthz").status_code == 405


@pytest.mark.parametrize(
    ("statuses", "whole"),
    [(["ok", "ok"], "ok"), (["ok", "degraded"], "degraded"), (["down", "degraded"], "down"), ([], "ok")],
)
def test_the_whole_is_as_its_worst_part(statuses: list[Any], whole: str) -> None:
    assert pulse.worst([Part("x", status) for status in statuses]) == whole


def test_a_spool_that_cannot_be_written_is_told_and_pages_go_on(client: Client, own_data: Path) -> None:
    operations.beat(timezone.now())
    (own_data / "usage").mkdir()
    (own_data / "usage" / "spool").write_text("in the way of the folder")
    answer = client.get("/healthz")
    assert answer.status_code == 200
    assert answer.json()["parts"]["spool"]["status"] == "degraded"
    assert answer.json()["parts"]["spool"]["trouble"]


def test_events_that_wait_in_the_spool_are_counted(client: Client, own_data: Path) -> None:
    segment = own_data / "usage" / "spool" / "host-1-a" / "00000001.jsonl"
    segment.parent.mkdir(parents=True)
    segment.write_text("{}\n")
    os.utime(segment, (time.time() - 100, time.time() - 100))
    spool = client.get("/healthz").json()["parts"]["spool"]
    assert (spool["status"], spool["segments_waiting"], spool["bytes_waiting"]) == ("ok", 1, 3)
    assert 95 < spool["lag_seconds"] < 130


@pytest.mark.usefixtures("own_data")
def test_little_room_and_events_in_quarantine_are_told_before_anything_is_turned_away(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_spooled_batch({"type": "track", "userId": "taro", "event": ""})
    intake.compact(now=timezone.now())
    assert client.get("/healthz").json()["parts"]["spool"]["events_in_quarantine"] == 1
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: SimpleNamespace(free=10**8))
    spool = client.get("/healthz").json()["parts"]["spool"]
    assert (spool["status"], spool["bytes_free"]) == ("degraded", 10**8)
    client.force_login(an_admin())
    assert "95.4\xa0MB" in client.get("/operations/state/").content.decode()
