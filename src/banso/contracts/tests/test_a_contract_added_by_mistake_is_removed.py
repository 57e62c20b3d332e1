"""A contract added by mistake goes, with its lines and its revenue of all days; the audit keeps what it said."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from banso.accounts import queries as accounts
from banso.accounts.testing import an_account
from banso.api.testing import an_api_client
from banso.contracts import actions, queries
from banso.contracts.testing import A_MOMENT, a_contract, a_line
from banso.journal import queries as journal
from banso.people.testing import AN_ACTOR, a_csm, a_manager, an_admin

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 24)
LAST_MAY = date(2026, 5, 1)


def test_its_revenue_goes_from_all_days_and_that_of_others_stays() -> None:
    account = an_account()
    a_contract(external_id="right", lines=[a_line(amount_minor=30_000)])
    wrong = a_contract(external_id="wrong", name="誤登録", lines=[a_line(), a_line("seats", kind="seats", quantity=5)])
    assert queries.mrr_by_account(LAST_MAY) == {account: 50_000}
    actions.remove_contract(contract_id=wrong, by=AN_ACTOR, now=A_MOMENT)
    assert [row.external_id for row in queries.contracts_of([account], TODAY)] == ["right"]
    assert queries.mrr_by_account(LAST_MAY) == {account: 30_000}
    assert queries.mrr_by_account(TODAY) == {account: 30_000}


def test_the_last_one_leaves_no_revenue_behind() -> None:
    account = an_account()
    actions.remove_contract(contract_id=a_contract(), by=AN_ACTOR, now=A_MOMENT)
    assert queries.contracts_of([account], TODAY) == []
    assert queries.mrr_by_account(TODAY) == {}


def test_the_journal_keeps_what_it_said() -> None:
    account = an_account()
    actions.remove_contract(contract_id=a_contract(name="誤登録"), by=AN_ACTOR, now=A_MOMENT)
    entry = journal.timeline([account], limit=1)[0]
    assert (entry.verb, entry.subject_label, entry.actor) == ("contract.removed", "誤登録", AN_ACTOR.label)
    assert (entry.details["contract"], entry.details["mrr_minor"]) == ("acme-k1", [10_000, 0])
    assert entry.details["changes"]["starts_on"] == ["2026-04-01", None]
    assert entry.details["changes"]["line plan"][0]["amount_minor"] == 10_000


def test_one_out_of_reach_is_as_if_it_were_not_there() -> None:
    account = an_account()
    contract = a_contract()
    nobody = accounts.visible_to(an_admin()).none()
    with pytest.raises(actions.UnknownContract):
        actions.remove_contract(contract_id=contract, by=AN_ACTOR, now=A_MOMENT, visible=nobody)
    assert len(queries.contracts_of([account], TODAY)) == 1


def test_a_manager_is_told_what_goes_and_a_csm_may_not(client: Client) -> None:
    account = an_account(name="株式会社アクメ")
    contract = a_contract(name="誤登録", lines=[a_line(), a_line("more")])
    address = reverse("contracts:remove", args=[contract])
    client.force_login(a_csm())
    assert client.post(address).status_code == 403
    client.force_login(a_manager())
    page = client.get(reverse("contracts:edit", args=[contract])).content.decode()
    assert "Remove the contract “誤登録”?" in page
    assert "2 lines go with it" in page
    assert client.get(address).status_code == 405
    assert client.post(address)["Location"] == f"/accounts/{account}/"
    assert queries.contracts_of([account], TODAY) == []
    assert client.post(address).status_code == 404


def test_a_program_removes_it_once() -> None:
    account = an_account()
    a_contract(external_id="k1")
    assert an_api_client("read").delete("contracts/k1").status_code == 403
    caller = an_api_client("write")
    assert caller.delete("contracts/k1").status_code == 204
    assert caller.delete("contracts/k1").status_code == 404
    assert queries.contracts_of([account], TODAY) == []
