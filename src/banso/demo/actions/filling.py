"""Fill an empty installation with the lifelike company, through the same actions that everything else uses."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Final

import polars as pl

from banso.accounts import actions as accounts
from banso.accounts import queries as account_rows
from banso.demo.actions import telling
from banso.demo.actions.judging import draft_an_exception, know_better
from banso.demo.actions.staffing import CLOSURES, hire
from banso.demo.actions.watching import watch
from banso.demo.rules import book as books
from banso.demo.rules import deals, events, papers, strays, words
from banso.growth import actions as growth
from banso.health import actions as health
from banso.intake import actions as intake
from banso.people.access import SYSTEM, Actor, User, actor_of
from banso.shared.businessdays import Calendar, calendar_of
from banso.usage import actions as usage

type Progress = Callable[[float, str], None]

WEEK: Final = timedelta(days=7)
MONTH: Final = timedelta(days=30)


@dataclass(frozen=True)
class Filled:
    """What was put in."""

    accounts: int
    people: int
    contracts: int
    events: int


def fill(
    *,
    seed: int,
    today: date,
    now: datetime,
    email: str,
    password: str,
    size: int = 300,
    progress: Progress | None = None,
) -> Filled:
    """Put the company of a seed into an empty installation; its administrator signs in with the e-mail and password.

    `progress` is told the share done and what comes next.
    """
    tell = progress or (lambda _share, _what: None)
    staff = hire(email=email, password=password, currency="JPY", now=now)
    calendar = calendar_of("JP", CLOSURES)
    tell(0.05, "accounts")
    book = books.make(seed=seed, today=today, accounts=size)
    _sort(now=now)
    terms = deals.terms(book, seed=seed, meter=words.METER[0])
    telling.customers(book, staff, terms, seed=seed, now=now)
    members = papers.members(book, seed=seed)
    telling.people(book, members, now=now)
    tell(0.2, "contracts")
    telling.agreements(terms, calendar=calendar, now=now)
    tell(0.35, "usage")
    _define(staff, now=now)
    recorded = _record(book, calendar, seed=seed, now=now)
    tell(0.65, "health")
    _remember(book, staff, seed=seed)
    _judge(today, now=now)
    know_better(book, by=actor_of(staff[0]), now=now)
    draft_an_exception(book, by=actor_of(staff[0]), now=now)
    growth.measure(on=today, by=SYSTEM, now=now)
    watch([(one.external_id, one.name) for one in book.customers], by=actor_of(staff[0]), now=now)
    tell(1.0, "done")
    return Filled(accounts=len(book.customers), people=len(members), contracts=len(terms), events=recorded)


def _judge(today: date, *, now: datetime) -> None:
    """Compute health as if it had been computed last week too, so that the journal has something to tell of this."""
    health.recompute(on=today - WEEK, by=SYSTEM, now=now - WEEK, with_history=False)
    health.recompute(on=today, by=SYSTEM, now=now)
    health.watch(on=today, by=SYSTEM, now=now)
    health.assess(on=today, by=SYSTEM, now=now)
    health.mark(on=today, now=now)


def _sort(*, now: datetime) -> None:
    for key, label, kind, choices in words.FIELDS:
        accounts.define_field(key=key, label=label, kind=kind, choices=choices, by=SYSTEM, now=now)
    for segment in words.SEGMENTS:
        accounts.create_segment(name=segment, by=SYSTEM, now=now)
    for stage in words.STAGES:
        accounts.create_stage(name=stage, by=SYSTEM, now=now)


def _record(book: books.Book, calendar: Calendar, *, seed: int, now: datetime) -> int:
    product_use = events.product_use(book, seed=seed, is_holiday=calendar.is_holiday)
    everything = pl.concat([product_use, events.moments(book, seed=seed)], how="diagonal")
    everything = events.received(everything, book, seed=seed)
    recorded = usage.record(everything, source="demo", by=SYSTEM, now=now)
    usage.save_series(events.satisfaction(book, seed=seed), source="demo", by=SYSTEM, now=now)
    for name, label in words.FEATURES:
        usage.classify_event(name, kind="feature", label=label, by=SYSTEM, now=now)
    usage.classify_event(words.METER[0], kind="meter", label=words.METER[1], by=SYSTEM, now=now)
    usage.classify_event(words.TICKET[0], kind="moment", label=words.TICKET[1], by=SYSTEM, now=now)
    for name, days_ago, features, plans in words.RELEASES:
        usage.save_release(
            name=name,
            released_on=book.today - timedelta(days=days_ago),
            features=dict.fromkeys(features, plans),
            by=SYSTEM,
            now=now,
        )
    _receive(book, seed=seed, now=now)
    usage.roll_up(now)
    usage.describe_events(now=now)
    return recorded.count


def _receive(book: books.Book, *, seed: int, now: datetime) -> None:
    """Let clients have sent what no file has: through the spool, as all that they send."""
    for batch in strays.batches(book, seed=seed):
        intake.spool_batch(json.dumps({"batch": batch}).encode(), source=0, received_at=now)
    intake.compact(now=now)


def _define(staff: list[User], *, now: datetime) -> None:
    """Define what is counted: the usual measures, and some of the company's own, one of them changed since.

    Before events come: what asks for properties is then counted from the first roll-up on.
    """
    health.define_usual(by=SYSTEM, now=now - MONTH, note="標準の指標")
    by = actor_of(staff[0])
    for count, note in _own():
        health.define(count, by=by, now=now - MONTH, note=note)
    features = tuple(name for name, _label in words.FEATURES)
    core = health.Count(
        key="core_adoption",
        label=health.Words("主要機能の定着率（28日）", "Core features taken up (28 days)"),
        kind="adoption",
        events=features[:3],
    )
    health.define(core, by=by, now=now - MONTH, note="定例会で決めた主要機能")
    health.define(replace(core, events=features[:4]), by=by, now=now - WEEK, note="新機能を主要機能に加えた")
    _cross(by=by, now=now - WEEK)


def _cross(*, by: Actor, now: datetime) -> None:
    """Keep a matrix of breadth by satisfaction, with what the company does for two of its cells."""
    asked = health.Asked(health.Axis("measure", "core_adoption", (0.25, 0.5)), health.Axis("condition"), 26)
    matrix_id = health.keep_matrix(name="主要機能 × 状態", asked=asked, by=by, now=now)
    said = (
        (0, 1, "一部の人だけが使っている", "使い方勉強会に誘い、2つ目の機能を一緒に設定する"),
        (2, 2, "広く深く使っている", "事例取材をお願いし、上位プランの相談をする"),
    )
    for row, column, note, play in said:
        health.say_of_cell(matrix_id=matrix_id, row=row, column=column, note=note, play=play, by=by, now=now)


def _own() -> list[tuple[health.Count, str]]:
    """Return measures of a property, of a series and of a limit, and why each is counted."""
    urgent = health.Count(
        key="urgent_tickets",
        label=health.Words("緊急の問い合わせ（90日）", "Urgent tickets (90 days)"),
        kind="events",
        window_days=90,
        events=(words.TICKET[0],),
        where=("priority = high",),
    )
    satisfied = health.Count(
        key="satisfaction",
        label=health.Words(*words.SURVEY[1:]),
        kind="value_mean",
        window_days=90,
        events=(f"series:{words.SURVEY[0]}",),
    )
    judged = health.Count(
        key="csm_pulse",
        label=health.Words("CSM評価（120日以内）", "Pulse (within 120 days)"),
        kind="pulse",
        source="pulse",
        window_days=120,
    )
    mails = health.Count(
        key="mail_limit_used",
        label=health.Words("配信枠の使用率", "Share of the mail allowance used"),
        kind="limit_share",
        source="contract",
        events=(words.METER[0],),
    )
    return [
        (urgent, "緊急度の高い問い合わせだけを見る"),
        (satisfied, "毎月のアンケート"),
        (judged, "担当者の見方を点数と比べる"),
        (mails, "アップセルの時期を見る"),
    ]


def _remember(book: books.Book, staff: list[User], *, seed: int) -> None:
    """Write down what the CSMs noted and felt, on the days on which they did."""
    ids = account_rows.by_external_ids([one.external_id for one in book.customers])
    for remark in papers.notes(book, seed=seed):
        at = datetime.combine(remark.on, time(17, 20), events.TOKYO)
        accounts.write_note(account_id=ids[remark.account], body=remark.text, by=actor_of(staff[remark.staff]), now=at)
    for remark in papers.pulses(book, seed=seed):
        at = datetime.combine(remark.on, time(9, 40), events.TOKYO)
        health.record_pulse(
            account_id=ids[remark.account],
            rating=remark.rating or 3,
            reason=remark.text,
            by=actor_of(staff[remark.staff]),
            now=at,
        )
