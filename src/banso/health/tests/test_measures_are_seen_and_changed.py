"""Staff see what is counted, over which accounts, and change it version by version, by form or by file."""

from dataclasses import replace
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from banso.accounts import queries as accounts
from banso.accounts.testing import an_account
from banso.contracts.testing import a_contract, a_line
from banso.health import actions, queries
from banso.health.rules import Count, Words
from banso.health.rules.definition import source_of
from banso.health.testing import A_MOMENT, a_scorecard
from banso.people.access import SYSTEM, User
from banso.people.testing import a_csm, a_manager, a_reader, a_user
from banso.usage.testing import used

pytestmark = pytest.mark.django_db

FORM = {
    "key": "active",
    "label_ja": "利用者数",
    "label_en": "People",
    "kind": "active_people",
    "window_days": "3000",
    "of": "events",
    "against": "before",
    "per": "",
    "level": "account",
    "note": "first",
}
ACTIVE = Count(key="active", label=Words("利用者数", "People"), kind="active_people", window_days=3000)


def _client(user: User | None = None) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(user or a_manager())
    return client


def _three_accounts() -> None:
    """Acme has two people, beta one, and gamma none at all."""
    for name in ("acme", "beta", "gamma"):
        an_account(name, name=name)
    used("acme", ["2026-04-01"], people=("taro", "hanako"))
    used("beta", ["2026-04-01"])


def test_a_measure_is_tried_on_real_accounts_and_added() -> None:
    _three_accounts()
    client = _client()
    tried = client.post(reverse("measures:add"), {**FORM, "preview": "1"})
    assert tried.status_code == 200
    assert "2 of 3 accounts" in tried.text
    assert queries.measures() == []

    added = client.post(reverse("measures:add"), FORM, follow=True)
    assert "Version 1 is in force." in added.text
    assert [(one.count, one.note) for one in queries.measures()] == [(ACTIVE, "first")]
    assert "bit_count" not in added.text
    assert "FROM" in added.text  # the SQL, for those who ask
    listed = client.get(reverse("measures:catalogue")).text
    assert "How many people used the product in 3000 days" in listed
    assert "67%" in listed


def test_use_of_a_limit_is_tried_added_and_written_in_the_file() -> None:
    _three_accounts()
    line = a_line("k1", kind="metered", name="帳票", limit=4, meter="report.opened", counting="count", period="term")
    a_contract("acme", starts_on=date(2026, 3, 1), lines=[line])
    client, asked = _client(), {**FORM, "kind": "limit_share", "window_days": "28", "events": ["report.opened"]}
    tried = client.post(reverse("measures:add"), {**asked, "preview": "1"})
    assert "How much of its limit in the contract was used" in tried.text
    assert "1 of 3 accounts" in tried.text
    assert "50%" in tried.text  # two of four
    added = client.post(reverse("measures:add"), asked, follow=True)
    assert "not known without a contract that limits it" in added.text
    assert "kind: limit_share\n    source: contract\n    events: [report.opened]" in queries.exported()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"key": "Not a key"}, "Not a key cannot be a key."),
        ({"kind": "adoption"}, "none is chosen. List at least one."),
        ({"per": "limit_share"}, "limit_share is not one of the available choices."),
        ({"kind": "nothing"}, "Select a valid choice."),
        ({"window_days": "0"}, "greater than or equal to 1"),
        ({"label_en": ""}, "This is empty. Enter a value."),
    ],
)
def test_what_cannot_be_counted_comes_back_with_the_reason(changes: dict[str, str], sentence: str) -> None:
    answer = _client().post(reverse("measures:add"), {**FORM, **changes})
    assert (answer.status_code, sentence in answer.text) == (422, True), answer.text
    assert queries.measures() == []


def test_a_key_is_given_once() -> None:
    actions.define(ACTIVE, by=SYSTEM, now=A_MOMENT)
    answer = _client().post(reverse("measures:add"), FORM)
    assert (answer.status_code, "There is a measure of this key." in answer.text) == (422, True)


def test_a_measure_is_changed_retired_and_brought_back_on_its_page() -> None:
    actions.define(ACTIVE, by=SYSTEM, now=A_MOMENT)
    client = _client()
    form = client.get(reverse("measures:change", args=["active"])).text
    assert 'value="3000"' in form
    client.post(reverse("measures:change", args=["active"]), {**FORM, "window_days": "7", "note": "shorter"})
    page = client.get(reverse("measures:measure", args=["active"])).text
    assert "- window_days: 3000" in page
    assert "+ window_days: 7" in page
    retired = client.post(reverse("measures:retire", args=["active"]), follow=True)
    assert "The measure was retired." in retired.text
    assert "No measure is defined yet" in client.get(reverse("measures:catalogue")).text
    back = client.post(reverse("measures:roll_back", args=["active", 1]), follow=True)
    assert "Version 4 says again what version 1 said, and is in force." in back.text
    assert [one.count for one in queries.measures()] == [ACTIVE]
    for address in (
        reverse("measures:retire", args=["never"]),
        reverse("measures:roll_back", args=["active", 9]),
        reverse("measures:roll_back", args=["never", 1]),
    ):
        assert client.post(address).status_code == 404
    for name in ("measure", "change"):
        assert client.get(reverse(f"measures:{name}", args=["never"])).status_code == 404


def test_the_usual_measures_begin_the_catalogue_and_show_where_they_weigh() -> None:
    a_scorecard()
    manager = a_manager()
    client = _client(manager)
    done = client.post(reverse("measures:usual"), follow=True)
    assert "measures were added." in done.text
    row = next(
        one
        for one in queries.catalogue(queries.measures(), on=date(2026, 4, 6), visible=accounts.visible_to(manager))
        if one.key == "recency"
    )
    assert row.used_in == ("Days since last use",)
    assert row.unknown == "Not known until it happened once"


def test_a_file_is_checked_to_the_line_seen_as_changes_and_applied() -> None:
    actions.define(ACTIVE, by=SYSTEM, now=A_MOMENT)
    client = _client()
    text = client.get(reverse("measures:download")).text
    assert "window_days: 3000" in text
    address = reverse("measures:file")
    wrong = client.post(address, {"text": text.replace("window_days", "windowdays")})
    assert wrong.status_code == 422
    assert "Line 6, measures.active: There is no field windowdays. Did you mean window_days?" in wrong.text
    checked = client.post(address, {"text": text.replace("3000", "14")})
    assert checked.status_code == 200
    assert "+ window_days: 14" in checked.text
    assert queries.measures()[0].version == 1
    done = client.post(address, {"text": text.replace("3000", "14"), "note": "two weeks", "apply": "1"}, follow=True)
    assert "1 definition was put in force." in done.text
    assert (queries.measures()[0].count.window_days, queries.measures()[0].note) == (14, "two weeks")
    assert "Nothing: this is what is in force." in client.post(address, {"text": queries.exported()}).text


def test_who_may_not_define_sees_and_cannot_change() -> None:
    actions.define(ACTIVE, by=SYSTEM, now=A_MOMENT)
    client = _client(a_reader())
    page = client.get(reverse("measures:measure", args=["active"]))
    assert page.status_code == 200
    assert "Go back" not in page.text
    for address in (reverse("measures:add"), reverse("measures:change", args=["active"]), reverse("measures:file")):
        assert client.get(address).status_code == 403
    for address in (
        reverse("measures:retire", args=["active"]),
        reverse("measures:roll_back", args=["active", 1]),
        reverse("measures:usual"),
    ):
        assert client.post(address).status_code == 403
    assert queries.measures()[0].version == 1


def test_values_are_those_of_the_accounts_that_one_sees() -> None:
    _three_accounts()
    own = an_account("own", name="own", owner_email=a_csm().email)
    used("own", ["2026-04-01"], people=("a", "b", "c"))
    visible = accounts.visible_to(a_manager()).filter(pk=own)
    found = queries.values_of([ACTIVE], on=date(2026, 4, 6), visible=visible)["active"]
    assert (found.spread.total, [one.value for one in found.most], found.fewest) == (1, ["3"], ())


def test_every_kind_has_its_words_in_both_languages() -> None:
    for language in ("en", "ja"):
        with translation.override(language):
            for kind, name in queries.measure_choices(None)["kind"]:
                count = replace(ACTIVE, kind=kind, source=source_of(kind), events=("a",))
                assert name
                assert queries.unknown_text(count)
                assert "a" in queries.expression_text(count, {})


def test_the_list_costs_the_same_whatever_its_length() -> None:
    _three_accounts()
    client = _client(a_user("counted@example.jp"))
    counts = []
    for size in (2, 12):
        for number in range(size):
            actions.define(Count(key=f"m{number}", label=Words("x", "x"), kind="events"), by=SYSTEM, now=A_MOMENT)
        with CaptureQueriesContext(connection) as seen:
            assert client.get(reverse("measures:catalogue")).status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[1]
