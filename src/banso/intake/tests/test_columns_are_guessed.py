"""The first guess: by header in Japanese and English, and by content."""

import pytest

from banso.intake.rules import guessing
from banso.intake.rules.targets import plain, target_of

FILES = [
    (
        "accounts",
        {"顧客コード": "A-1", "会社名": "アクメ", "フリガナ": "アクメ", "担当者メール": "a@b.jp", "業種": "小売"},
        "external_id=顧客コード name=会社名 reading=フリガナ owner=担当者メール field:f_696d_7a2e=業種",
    ),
    (
        "people",
        {"メールアドレス": "a@b.jp", "氏名": "斉藤", "会社名": "アクメ", "役職": "部長"},
        "email=メールアドレス name=氏名 account_name=会社名 title=役職",
    ),
    (
        "contracts",
        {"契約番号": "K-1", "顧客ID": "A-1", "契約開始日": "2026/4/1", "月額料金": "1,200円", "席数": "5"},
        "external_id=契約番号 account=顧客ID starts_on=契約開始日 amount=月額料金 seats=席数 term_months=",
    ),
    (
        "usage",
        {"subscriptionId": "S-1", "usage_date": "2026-04-01", "feature-name": "x", "count": "5"},
        "contract=subscriptionId at=usage_date name=feature-name value=count",
    ),
]


@pytest.mark.parametrize(("kind", "row", "wanted"), FILES, ids=[one[0] for one in FILES])
def test_kind_and_columns_are_guessed(kind: str, row: dict[str, str], wanted: str) -> None:
    samples = {name: [value] for name, value in row.items()}
    assert guessing.guess_kind(list(row), samples) == kind
    guessed = guessing.guess(kind, list(row), samples)
    assert {f"{column.to}={column.source}" for column in guessed.columns} == set(wanted.split())


def test_a_column_with_other_content_is_not_taken_for_its_name() -> None:
    guessed = guessing.guess("accounts", ["id", "name", "start date"], {"start date": ["soon", "later"]})
    assert guessed.reading("customer_since_on") is None


def test_a_choice_is_guessed_only_where_its_words_stand_in_the_column() -> None:
    sizes = guessing.guess("accounts", ["顧客番号", "会社名", "区分"], {"区分": ["エンタープライズ", "中堅"]})
    kinds = guessing.guess("accounts", ["顧客番号", "会社名", "区分"], {"区分": ["会社", "部署"]})
    assert getattr(sizes.reading("segment"), "source", "") == "区分"
    assert sizes.reading("kind") is None
    assert getattr(kinds.reading("kind"), "source", "") == "区分"


def test_an_address_is_known_by_its_look() -> None:
    guessed = guessing.guess("people", ["name", "連絡先"], {"連絡先": ["a@b.jp", "c@d.jp"]})
    assert getattr(guessed.reading("email"), "source", "") == "連絡先"


@pytest.mark.parametrize(("values", "order"), [(["31/12/2026"], "dmy"), (["12/31/2026"], "mdy"), (["1/2/2026"], "")])
def test_the_order_of_a_date_is_taken_from_one_that_tells(values: list[str], order: str) -> None:
    guessed = guessing.guess("accounts", ["id", "name", "signup date"], {"signup date": values})
    assert getattr(guessed.reading("customer_since_on"), "dates", None) == order


def test_a_half_matching_name_counts_where_nothing_better_is_there() -> None:
    guessed = guessing.guess(
        "contracts",
        ["contract start date", "trial flag"],
        {"trial flag": ["TRUE"], "contract start date": ["2026-01-01"]},
    )
    assert {column.to for column in guessed.columns} == {"starts_on", "is_trial"}


def test_keys_of_custom_fields_are_plain() -> None:
    assert guessing.slug("Plan Tier (2026)") == "plan_tier_2026"
    assert guessing.slug("2026") == "f_2026"
    assert guessing.slug("業種") == "f_696d_7a2e"


def test_custom_fields_and_properties_belong_to_their_kinds() -> None:
    assert target_of("accounts", "field:x") is not None
    assert target_of("usage", "property:x") is not None
    assert target_of("people", "field:x") is None
    assert plain("Customer_ID ") == plain("customerId") == "customer id"


def test_one_way_to_the_account_is_enough() -> None:
    columns = ["event", "time", "account id", "company name", "contract id"]
    guessed = guessing.guess("usage", columns, {})
    assert {column.to for column in guessed.columns} == {"name", "at", "account"}
