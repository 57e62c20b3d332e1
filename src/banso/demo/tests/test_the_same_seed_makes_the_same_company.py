"""The lifelike company is a function of its seed and its day."""

from datetime import date
from itertools import pairwise

import numpy as np
import polars as pl
import pytest

from banso.demo.rules import book, deals, events, papers, words

TODAY = date(2026, 11, 24)
NEW_YEAR = date(2026, 1, 1)


@pytest.fixture(scope="module")
def company() -> book.Book:
    return book.make(seed=7, today=TODAY, accounts=120)


@pytest.fixture(scope="module")
def product_use(company: book.Book) -> pl.DataFrame:
    return events.product_use(company, seed=7, is_holiday=lambda day: day == NEW_YEAR)


def test_the_same_seed_makes_the_same_company(company: book.Book, product_use: pl.DataFrame) -> None:
    again = book.make(seed=7, today=TODAY, accounts=120)
    assert again.customers == company.customers
    assert np.array_equal(again.use, company.use)
    assert events.product_use(again, seed=7, is_holiday=lambda day: day == NEW_YEAR).equals(product_use)
    assert deals.terms(again, seed=7, meter="m") == deals.terms(company, seed=7, meter="m")
    assert papers.pulses(again, seed=7) == papers.pulses(company, seed=7)


def test_another_seed_makes_another_company(company: book.Book) -> None:
    assert book.make(seed=8, today=TODAY, accounts=120).customers != company.customers


def test_nothing_happens_outside_the_history_or_the_customers_time(
    company: book.Book, product_use: pl.DataFrame
) -> None:
    tokyo = product_use.with_columns(day=pl.col("at").dt.convert_time_zone("Asia/Tokyo").dt.date())
    assert tokyo["day"].min() >= company.first_day  # type: ignore[operator]  # a column of dates
    assert tokyo["day"].max() < TODAY  # type: ignore[operator]  # a column of dates
    left = {one.external_id: company.day(one.end) for one in company.customers if one.has_left and one.end is not None}
    assert left, "some customers leave"
    for account, end in left.items():
        last = tokyo.filter(pl.col("account") == account)["day"].max()
        assert last is None or last < end  # type: ignore[operator]  # a column of dates


def test_some_come_back_after_a_gap_without_use(company: book.Book) -> None:
    back = [(place, one) for place, one in enumerate(company.customers) if one.back is not None]
    assert back
    for place, one in back:
        assert one.end is not None
        assert one.back is not None
        assert company.use[place, one.end : one.back].sum() == 0
        assert company.use[place, one.back :].sum() > 0


def test_weekends_and_the_new_year_are_quiet(product_use: pl.DataFrame) -> None:
    tokyo = product_use.with_columns(day=pl.col("at").dt.convert_time_zone("Asia/Tokyo").dt.date())
    by_weekday = dict(tokyo.group_by(pl.col("day").dt.weekday()).len().iter_rows())
    assert by_weekday[7] < 0.1 * by_weekday[2]
    by_day = dict(tokyo.group_by("day").len().iter_rows())
    assert by_day.get(NEW_YEAR, 0) < 0.2 * by_day[date(2026, 1, 20)]


def test_those_who_leave_used_it_less_than_those_who_stay(company: book.Book) -> None:
    left = [
        company.use[place, max(0, one.end - 56) : one.end].mean()
        for place, one in enumerate(company.customers)
        if one.end
    ]
    stayed = [company.use[place, -56:].mean() for place, one in enumerate(company.customers) if one.end is None]
    assert np.mean(left) < 0.5 * np.mean(stayed)


def test_every_course_has_notes_and_reasons() -> None:
    assert set(words.NOTES) == set(words.PULSE_REASONS) == set(book.COURSES)


def test_terms_of_a_customer_follow_each_other_without_an_overlap(company: book.Book) -> None:
    terms = deals.terms(company, seed=7, meter="m")
    gaps = 0
    for before, after in pairwise(terms):
        if before.account == after.account:
            assert before.ends_on is not None
            assert before.ends_on <= after.starts_on
            gaps += before.ends_on < after.starts_on
    assert gaps == sum(one.back is not None for one in company.customers)


def test_who_left_has_no_contract_today_and_everyone_else_has_one(company: book.Book) -> None:
    running = {
        term.account
        for term in deals.terms(company, seed=7, meter="m")
        if term.starts_on <= TODAY and (term.ends_on is None or term.ends_on > TODAY)
    }
    assert running == {one.external_id for one in company.customers if not one.has_left}


def test_some_are_on_trial_and_some_have_given_notice(company: book.Book) -> None:
    terms = deals.terms(company, seed=7, meter="m")
    assert sum(term.is_trial for term in terms) >= 1
    assert all(term.cancelled_on < TODAY for term in terms if term.cancelled_on is not None)
    assert all(term.cancelled_on >= term.starts_on for term in terms if term.cancelled_on is not None)


def test_those_who_grow_buy_seats_at_their_renewal(company: book.Book) -> None:
    growing = {one.external_id for one in company.customers if one.course == "growing" and one.back is None}
    seats: dict[str, list[int]] = {}
    for term in deals.terms(company, seed=7, meter="m"):
        if term.account in growing:
            seats.setdefault(term.account, []).append(term.items[1].quantity or 0)
    several = [counts for counts in seats.values() if len(counts) > 1]
    assert several
    assert all(counts == sorted(counts) for counts in several)


def test_champions_who_left_use_it_no_more(company: book.Book, product_use: pl.DataFrame) -> None:
    gone = {one.external_id: one.left_on for one in papers.members(company, seed=7) if one.left_on is not None}
    assert gone
    for person, left_on in gone.items():
        last = product_use.filter(pl.col("person") == person)["at"].dt.convert_time_zone("Asia/Tokyo").dt.date().max()
        assert last is None or last < left_on  # type: ignore[operator]  # a column of dates


def test_only_people_who_were_there_use_the_product(company: book.Book, product_use: pl.DataFrame) -> None:
    known = {member.external_id for member in papers.members(company, seed=7)}
    assert set(product_use["person"].unique()) <= known


def test_names_are_not_repeated(company: book.Book) -> None:
    names = [one.name for one in company.customers]
    assert len(names) == len(set(names))


def test_tickets_and_meters_are_moments_of_their_own(company: book.Book) -> None:
    frame = events.moments(company, seed=7)
    assert set(frame["name"].unique()) == {words.TICKET[0], words.METER[0]}
    assert frame["message_id"].is_unique().all()
