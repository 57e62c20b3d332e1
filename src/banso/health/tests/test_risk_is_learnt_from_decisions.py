"""The risk of leaving is learnt from the company's own renewals, and told with what it rests on."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from banso.accounts.testing import an_account
from banso.api.testing import an_api_client
from banso.contracts import actions as contracts
from banso.contracts.testing import a_contract
from banso.health import actions, jobs, queries
from banso.health.models import Risk, RiskModel
from banso.health.queries.risking import past
from banso.health.testing import A_MOMENT, A_TODAY, a_fading_account, a_scorecard, a_steady_account, computed
from banso.journal import queries as journal
from banso.people.testing import AN_ACTOR, a_user
from banso.usage.testing import events, recorded

pytestmark = pytest.mark.django_db
YEARLY: dict[str, Any] = {"renewal_months": 12, "is_auto_renewing": True, "notice_count": 1, "notice_unit": "months"}


def uses(name: str, day: date, many: int) -> list[tuple[str, str, str, str]]:
    """Return so many events of an account in the days up to a day."""
    days = [day - timedelta(days=n % 5) for n in range(many)]
    return [(f"{one}T09:{n:02}:00", name, f"p{n % 6}", "report.opened") for n, one in enumerate(days)]


def a_book(lost: int, kept: int) -> dict[str, int]:
    """Add accounts that came to a renewal in the year before A_TODAY: who left hardly used the product, who stayed did.

    One in five does the other thing, so that nothing is certain.
    """
    made, rows = {}, []
    for number in range(lost + kept):
        name, is_lost = f"c{number}", number < lost
        is_busy = is_lost == (number % 5 == 0)
        renews_on = date(2026, 3, 2) + timedelta(days=5 * number % 240)
        made[name] = an_account(name, name=f"会社{number}")
        contract = a_contract(
            name,
            starts_on=renews_on.replace(year=2025),
            renews_on=renews_on if is_lost else renews_on.replace(year=2027),
            **YEARLY,
        )
        if is_lost:
            contracts.end_contract(contract_id=contract, on=renews_on, by=AN_ACTOR, now=A_MOMENT)
        for weeks in range(1, 45):
            day = A_TODAY - timedelta(weeks=weeks)
            if is_lost and day >= renews_on:
                continue
            rows += uses(name, day, 1 + number % 2 + (12 if is_busy else 0))
    recorded(events(*rows))
    return made


@pytest.fixture
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


def assessed() -> actions.Assessed:
    done = actions.assess(on=A_TODAY, by=AN_ACTOR, now=A_MOMENT)
    assert done is not None
    return done


def test_before_any_score_there_is_nothing_to_learn() -> None:
    assert actions.assess(on=A_TODAY, by=AN_ACTOR, now=A_MOMENT) is None
    assert not queries.needs_assessing()


@pytest.mark.usefixtures("english")
def test_enough_losses_make_a_model_that_tells_the_busy_from_the_quiet() -> None:
    made = a_book(18, 50)
    # Two that renew next month: one uses the product much, the other hardly.
    soon = A_TODAY + timedelta(days=60)
    rows = []
    for name, many in (("busy", 13), ("quiet", 1)):
        made[name] = an_account(name, name=name)
        a_contract(name, starts_on=soon.replace(year=2026) - timedelta(days=365), renews_on=soon, **YEARLY)
        for weeks in range(1, 30):
            day = A_TODAY - timedelta(weeks=weeks)
            rows += uses(name, day, many)
    recorded(events(*rows))
    a_scorecard()
    computed()
    assert queries.needs_assessing()
    done = assessed()
    assert not queries.needs_assessing()
    assert done.losses == 18
    found = queries.risks(made.values())
    busy, quiet = found[made["busy"]], found[made["quiet"]]
    assert 0 < busy.low <= busy.p <= busy.high < quiet.high <= 1
    assert busy.p < quiet.p
    assert busy.due_on is not None
    assert not busy.is_rate
    assert busy.sentence.startswith("Probability of leaving in the next 90 days: ")
    assert "18 losses" in busy.basis
    assert any("Few losses" in one for one in busy.cautions)
    assert quiet.reasons[0].raises
    assert not [pk for name, pk in made.items() if name in {"c0", "c1"} and pk in found]  # they have left
    later = found[made["c67"]]
    assert (later.p, later.low, later.high, later.is_due) == (0, 0, 0, False)
    assert later.sentence == "No decision over a renewal falls into the next 90 days."


@pytest.mark.usefixtures("english")
def test_too_few_losses_say_how_many_are_missing_and_show_the_rate_of_the_level() -> None:
    made = a_book(6, 20)
    soon = A_TODAY + timedelta(days=60)
    made["next"] = an_account("next", name="次")
    a_contract("next", starts_on=date(2026, 1, 23), renews_on=soon, **YEARLY)
    a_scorecard()
    computed()
    assert assessed().losses == 6
    row = queries.risks([made["next"]])[made["next"]]
    assert (row.is_rate, row.missing, row.method) == (True, 9, "")
    assert 0 < row.low < row.p < row.high < 1
    assert row.cautions[0] == "Too few losses for a model: 9 more are needed."
    model = RiskModel.objects.get()
    assert model.rates[0][:3] == [0, model.decisions, 6]


def test_learning_the_same_again_makes_no_new_version_and_another_scorecard_does() -> None:
    a_book(6, 20)
    a_scorecard()
    computed()
    assert assessed().version == assessed().version == 1
    assert len(journal.since(0, verbs=["risk.learnt"])) == 1
    a_scorecard(note="again")
    computed()
    assert assessed().version == 2


def test_nothing_recorded_after_a_decision_is_seen_before_it() -> None:
    a_book(6, 20)
    a_scorecard()
    computed()
    found = past(A_TODAY)
    assert found is not None
    assert (found.rows.cases.days >= 7).all()
    assert (found.rows.on < found.rows.due).all()


@pytest.mark.usefixtures("english")
def test_without_contracts_silence_is_what_is_foreseen() -> None:
    steady, fading = a_steady_account(), a_fading_account()
    a_scorecard()
    computed()
    done = assessed()
    assert done.losses == 0
    row = queries.risks([steady, fading])[steady]
    assert row.loss == "silence"
    assert row.sentence.startswith("Probability of falling silent for the next 90 days: ")
    assert row.missing == 15


def test_an_account_has_one_risk_that_lies_in_its_interval() -> None:
    steady = a_steady_account()
    a_scorecard()
    computed()
    assessed()
    with pytest.raises(IntegrityError, match="risk_lies_in_its_interval"), transaction.atomic():
        Risk.objects.filter(account_id=steady).update(p=0.9, low=0.1, high=0.5)


def test_assessing_takes_the_same_number_of_queries_for_more_accounts(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    a_book(3, 40)
    a_scorecard()
    computed()
    with django_assert_max_num_queries(20):
        assessed()


def test_a_program_reads_the_risk_and_what_it_rests_on() -> None:
    steady = a_steady_account()
    a_scorecard()
    computed()
    caller = an_api_client()
    assert caller.get("accounts/steady/risk").status_code == 404
    assessed()
    one = caller.get("accounts/steady/risk").json()
    row = queries.risks([steady])[steady]
    assert (one["loss"], one["method"], one["missing"], one["losses"]) == ("silence", "rate", 15, 0)
    assert (one["p"], one["low"], one["high"]) == (round(row.p, 4), round(row.low, 4), round(row.high, 4))
    assert caller.get("risk").json()["items"] == [one]


def test_the_job_tells_what_it_did(monkeypatch: pytest.MonkeyPatch) -> None:
    a_steady_account()
    a_scorecard()
    computed()
    monkeypatch.setattr("banso.health.jobs.timezone.now", lambda: A_MOMENT)
    result = jobs.assess_risk.call()
    assert result is not None
    assert (result["accounts"], result["version"]) == (1, 1)


def test_the_account_shows_its_risk_and_the_list_sorts_and_sends_it(client: Client) -> None:
    steady = a_steady_account()
    an_account("new", name="株式会社ニュー")
    a_scorecard()
    computed()
    assessed()
    client.force_login(a_user(role="manager", language="ja"))
    for page in (f"/accounts/{steady}/", f"/accounts/{steady}/health/"):
        shown = client.get(page).content.decode()
        assert "今後90日間まったく利用しなくなる確率" in shown
        assert "あと15件必要です" in shown
    listed = client.get("/accounts/?column=risk&sort=-risk").content.decode()
    assert listed.index("株式会社ステディ") < listed.index("株式会社ニュー")
    row = queries.risks([steady])[steady]
    sent = client.get("/accounts/export.csv").getvalue().decode()
    assert "解約リスク（下限）" in sent.splitlines()[0]
    assert f"{round(row.p, 4)},{round(row.low, 4)},{round(row.high, 4)}" in sent
