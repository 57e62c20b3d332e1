"""People, contracts and usage: found by id, by name or by contract, once however often they come."""

from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import pytest

from banso.accounts import queries as accounts
from banso.accounts.testing import an_account
from banso.contracts import queries as contracts
from banso.intake import actions
from banso.intake.rules import applying, findings, mapping
from banso.intake.testing import A_MOMENT, a_file, an_import
from banso.people.testing import AN_ACTOR
from banso.usage import queries as usage

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 24)
CONTRACTS = (
    "契約ID,顧客ID,契約開始日,終了日,月額料金,席数,トライアル\n"
    'K-1,acme,2026-01-01,,"12,000円",5,いいえ\nK-2,acme,2026-02-01,2026-03-01,0,1,はい\n'
)


def test_people_find_their_account_by_its_name_in_any_form(tmp_path: Path) -> None:
    account = an_account()
    row = an_import(
        tmp_path, "会社名,氏名,メールアドレス,役割\n㈱アクメ,斉藤 さくら,s@acme.example,決裁者\n", kind="people"
    )
    assert (row.state, row.added) == ("done", 1), row.refusals
    (person,) = accounts.people_of([account])
    assert (person.external_id, person.role) == ("s@acme.example", "decider")


def test_a_name_that_two_accounts_bear_is_not_guessed(tmp_path: Path) -> None:
    an_account()
    an_account("other", name="アクメ株式会社")
    row = an_import(tmp_path, "会社名,氏名\nアクメ,斉藤\nガンマ,馬場\n", kind="people")
    assert [(one.row, one.code) for one in row.refusals] == [(2, "ambiguous_account"), (3, "unknown_account")]
    assert [(one.code, one.count) for one in row.findings] == [("person_without_account", 2)]


def test_contracts_come_with_their_money(tmp_path: Path) -> None:
    account = an_account()
    row = an_import(tmp_path, CONTRACTS, kind="contracts")
    assert (row.state, row.added) == ("done", 2), (row.refusals, row.failure)
    first = next(one for one in contracts.contracts_of([account], DAY) if one.external_id == "K-1")
    assert (first.mrr_minor, first.seats, first.currency, first.is_trial) == (12_000, 5, "JPY", False)
    assert [one.code for one in row.findings] == ["zero_amount_trial"]
    assert an_import(tmp_path, CONTRACTS, kind="contracts").same == 2


def test_the_lines_of_a_contract_are_rows(tmp_path: Path) -> None:
    account = an_account()
    content = (
        "契約ID,顧客ID,開始日,最終日,プラン,明細区分,金額,契約月数\n"
        "K-1,acme,2026-01-01,2026-12-31,基本,プラン,120000,12\nK-1,acme,2026-01-01,2026-12-31,分析,オプション,24000,12\n"
    )
    row = an_import(tmp_path, content, kind="contracts")
    assert (row.state, row.added) == ("done", 1), (row.refusals, row.failure)
    (one,) = contracts.contracts_of([account], DAY)
    assert (one.mrr_minor, one.ends_on, len(one.lines)) == (12_000, date(2027, 1, 1), 2)


def test_contracts_that_cannot_be_are_refused(tmp_path: Path) -> None:
    an_account()
    content = (
        "契約ID,顧客ID,開始日,終了日,月額,通貨\nK-1,acme,2026-02-01,2026-01-01,1,JPY\nK-2,acme,2026-01-01,,0.5,JPY\n"
        "K-3,acme,2026-01-01,,5,USD\nK-4,none,2026-01-01,,5,JPY\nK-5,acme,2026-01-01,,5,JPY\n"
    )
    row = an_import(tmp_path, content, kind="contracts", skips_bad_rows=True)
    codes = ["ends_before_start", "unknown_account", "too_fine_amount", "contracts.no_rate"]
    assert sorted(one.code for one in row.refusals) == sorted(codes)
    assert (row.state, row.added, row.refused) == ("partial", 1, 4)
    assert row.findings[0].severity == "high"


def test_usage_finds_its_account_by_the_contract(tmp_path: Path) -> None:
    an_account()
    an_import(tmp_path, CONTRACTS, kind="contracts")
    content = (
        "usage id,subscription id,usage date,feature,count\nU-1,K-1,2026-02-01,report,2\nU-2,K-2,2026-01-01,report,1\n"
        "U-2,K-2,2026-04-01,other,1\nU-3,K-9,2026-02-01,report,1\nU-4,K-1,2027-02-01,report,1\nU-1,K-1,2026-02-01,report,2\n"
    )
    row = an_import(tmp_path, content, kind="usage", skips_bad_rows=True)
    assert (row.state, row.added, row.same, row.refused) == ("partial", 2, 2, 2)
    assert [one.code for one in row.refusals] == ["unknown_contract", "in_the_future"]
    found = {one.code: (one.count, one.rows) for one in row.findings}
    assert found["same_id_other_content"] == (1, (4,))
    assert found["repeated_id"] == (1, (7,))
    assert found["before_contract"] == (1, (3,))
    assert found["after_contract"] == (1, (4,))
    assert usage.span() == (date(2026, 1, 1), date(2026, 2, 1))


def test_two_equal_rows_count_twice_and_the_same_file_again_not_at_all(tmp_path: Path) -> None:
    an_account(customer_since_on=date(2026, 3, 1), left_on=date(2026, 3, 2))
    content = "account id,time,event\n" + "acme,2026-03-01T05:00:00Z,login\n" * 2 + "acme,2026-03-05 12:00,login\n"
    first = an_import(tmp_path, content, kind="usage")
    again = an_import(tmp_path, content, kind="usage")
    assert (first.added, again.added, again.same) == (3, 0, 3)
    assert {one.code for one in first.findings} == {"after_leaving"}
    checked = an_import(tmp_path, content, kind="usage", is_dry_run=True)
    assert (checked.state, checked.added) == ("checked", 3)


def test_identical_rows_are_taken_once_and_told(tmp_path: Path) -> None:
    row = an_import(tmp_path, "id,name,TotalCharges,active\nA,B,1,TRUE\nA,B,1,TRUE\nC,D,,true\n")
    assert (row.state, row.added) == ("done", 2)
    found = {one.code: one for one in row.findings}
    assert found["repeated_row"].rows == (3,)
    assert found["blank_numbers"].column == "TotalCharges"
    assert found["mixed_spellings"].facts == {"spellings": "TRUE, true"}


def test_custom_fields_are_made_with_the_kind_that_fits(tmp_path: Path) -> None:
    an_import(tmp_path, "id,name,seats,active,since,note,flag\nA,B,5,TRUE,2026/1/2,x,1\nC,D,,no,,,1\n")
    kinds = {field.key: field.kind for field in accounts.custom_fields()}
    assert kinds == {"seats": "number", "active": "boolean", "since": "date", "note": "text", "flag": "number"}


def test_children_may_stand_before_their_parents(tmp_path: Path) -> None:
    row = an_import(tmp_path, "id,name,parent,left on\nC,Child,P,\nP,Parent,,2027-01-01\n")
    assert (row.state, row.added) == ("done", 2)
    assert [(one.code, one.column) for one in row.findings] == [("future_date", "left on")]


def test_a_map_looks_up_other_files_and_takes_conditions(tmp_path: Path) -> None:
    a_file(tmp_path, "id,on\nA,2026-01-01\nA,2026-02-01\nB,2026-03-01\n", "gone.csv")
    columns: list[dict[str, object]] = [
        {"from": "id", "to": "external_id"},
        {"to": "name", "template": "{size} {{x}} {id}"},
        {"from": "size", "to": "segment", "words": {"s": "Small"}},
        {"to": "stage", "value": "Adoption"},
        {
            "from": "id",
            "to": "left_on",
            "lookup": {"file": "gone.csv", "key": "id", "value": "on", "pick": "first"},
            "when": {"gone": ["y"]},
        },
    ]
    row = an_import(tmp_path, "id,size,gone\nA,S,y\nB,l,n\n", columns=columns)
    assert (row.state, row.added) == ("done", 2), (row.failure, row.refusals)
    found = {one.external_id: one for one in accounts.rows(accounts.visible_to(_everyone()).order_by("pk"))}
    assert (found["A"].name, found["A"].segment, found["A"].left_on) == ("S {x} A", "Small", date(2026, 1, 1))
    assert (found["B"].segment, found["B"].stage, found["B"].left_on) == ("l", "Adoption", None)
    (tmp_path / "gone.csv").unlink()
    assert an_import(tmp_path, "id,size,gone\nA,S,y\n", columns=columns).failure is not None


def test_a_sample_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(actions.UnknownSample):
        actions.load_sample("ravenstack", tmp_path, by=AN_ACTOR, now=A_MOMENT)
    with pytest.raises(actions.UnknownSample):
        actions.load_sample("nothing", tmp_path, by=AN_ACTOR, now=A_MOMENT)


def test_moments_of_every_make_are_read_and_impossible_ones_refused() -> None:
    texts = [
        "2026-03-01T05:00:00Z",
        "2026-03-01T14:00:00+09:00",
        "2026-03-01 14:00:00",
        "2026年3月1日 14:00",
        "1989-01-01",
        "",
        "x",
    ]
    frame = pl.DataFrame(
        {"row": range(2, 9), "c0": texts, "c1": ["a"] * 7, "c2": [" 5", "x y", "1e2", "５", "", "", ""]}
    )
    plain = {"kind": "usage", "rest": "properties", "columns": [
        {"from": "at", "to": "at"}, {"value": "A", "to": "account"}, {"from": "n", "to": "name"},
        {"from": "v", "to": "value"}, {"from": "n", "to": "property:p"}]}  # fmt: skip
    context = applying.Context(zone="Asia/Tokyo", now=datetime(2026, 11, 24, tzinfo=UTC))
    applied = applying.apply(frame, ["at", "n", "v"], mapping.from_plain(plain), context)
    assert applied.frame["at"].to_list() == [datetime(2026, 3, 1, 5, tzinfo=UTC)] * 3
    assert applied.frame["value"].to_list() == [5.0, 100.0, 5.0]
    assert applied.frame["properties"].to_list() == ['{"p":"a"}'] * 3
    codes = {(one.row, one.code) for one in applied.refusals}
    assert codes == {(3, "not_a_number"), (6, "too_long_ago"), (7, "missing"), (8, "not_a_date")}


def test_moments_of_one_make_are_read_at_once() -> None:
    frame = pl.DataFrame({"row": [2], "c0": ["2026-03-01 14:00:00"], "c1": [""]})
    columns = [{"from": "at", "to": "at"}, {"value": "A", "to": "account"}, {"value": "n", "to": "name"}]
    chosen = mapping.from_plain({"kind": "usage", "columns": [*columns, {"from": "v", "to": "value", "times": "2"}]})
    applied = applying.apply(frame, ["at", "v"], chosen, applying.Context("Asia/Tokyo", A_MOMENT))
    assert applied.frame.select("at", "value").rows() == [(datetime(2026, 3, 1, 5, tzinfo=UTC), None)]


def test_findings_are_kept_and_ordered() -> None:
    found = [findings.Finding("blank_numbers", 9, 10, (2,), "x"), findings.Finding("unknown_account", 1, 10)]
    assert [one.code for one in findings.in_order(found)] == ["unknown_account", "blank_numbers"]
    assert findings.from_json(found[0].as_json()) == found[0]
    assert (found[0].share, found[0].done, findings.Finding("unknown_account", 0, 0).share) == (0.9, "left_empty", 0.0)
    assert findings.other_spellings(["TRUE"], {"a.csv": ["True"], "b.csv": ["TRUE"], "c.csv": ["no"]}, 3)[0].facts == {
        "spellings": "TRUE",
        "file": "a.csv",
        "there": "True",
    }


class _Everyone:
    reach = "all"


def _everyone() -> _Everyone:
    return _Everyone()
