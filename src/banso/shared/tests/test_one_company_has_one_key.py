import pytest
from hypothesis import given
from hypothesis import strategies as st

from banso.shared.text import clean, company_key, fold, one_line, search_key, sort_key

ANY_TEXT = st.text(alphabet=st.characters(codec=None), max_size=40)


@pytest.mark.parametrize(
    "written",
    [
        "株式会社アクメ",
        "アクメ株式会社",
        "(株)アクメ",
        "（株）アクメ",
        "㈱アクメ",
        "ｱｸﾒ(株)",
        "アクメ 株式会社",
        "あくめ",
        "アクメー",
        "アクメ　㍿",
        "かぶしきがいしゃアクメ",
    ],
)
def test_a_japanese_company_has_one_key_however_it_is_written(written: str) -> None:
    assert company_key(written) == "あくめ"


@pytest.mark.parametrize(
    "written",
    [
        "Acme Inc.",
        "ACME, Inc",
        "Acme Co., Ltd.",
        "ＡＣＭＥ　Ｃｏ．，Ｌｔｄ．",
        "acme corp.",
        "Acme GmbH",
        "Acme Holdings"[:4],
        "Acme K.K.",
        "合同会社Acme",
    ],
)
def test_a_latin_company_has_one_key_however_it_is_written(written: str) -> None:
    assert company_key(written) == "acme"


def test_different_companies_keep_different_keys() -> None:
    assert (
        len({company_key(name) for name in ("アクメ", "アクメ商事", "株木建設", "有賀製作所", "Incline", "Coco", "AG")})
        == 7
    )


def test_a_name_that_is_only_a_legal_form_keeps_it() -> None:
    assert company_key("株式会社") == "株式会社"
    assert company_key("!!") == "!!"


def test_variants_of_sounds_and_characters_are_found() -> None:
    assert search_key("キヤノン") == search_key("キャノン")
    assert search_key("ヴァイオリン") == search_key("バイオリン")
    assert search_key("サーバー") == search_key("サーバ")
    assert search_key("髙島屋") == search_key("高島屋")


def test_names_sort_as_in_a_directory() -> None:
    names = ["わかば", "株式会社さくら", "サーバ", "ガス", "カス", "Alpha", "あおい", "アアイ"]
    assert sorted(names, key=sort_key) == [
        "Alpha",
        "アアイ",
        "あおい",
        "カス",
        "ガス",
        "サーバ",
        "株式会社さくら",
        "わかば",
    ]


def test_control_characters_and_surrogates_are_cleaned() -> None:
    assert clean("a\x00b\x07\ud800c\u202e\r\nd\te\x85") == "abc\nd\te"
    assert one_line("  a\n　b ") == "a b"


@given(ANY_TEXT)
def test_cleaned_text_can_be_stored(text: str) -> None:
    cleaned = clean(text)
    cleaned.encode("utf-8")
    assert "\x00" not in cleaned
    assert clean(cleaned) == cleaned


@given(ANY_TEXT)
def test_folding_and_keys_are_idempotent(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert search_key(search_key(text)) == search_key(text)
    assert one_line(one_line(text)) == one_line(text)


@given(st.text(alphabet="あいうかがきサシースABcd12 ・", min_size=1, max_size=12))
def test_a_legal_form_never_changes_the_key(name: str) -> None:
    assert company_key(f"株式会社{name}") == company_key(name) or not company_key(name).strip() or not search_key(name)


@given(ANY_TEXT, ANY_TEXT)
def test_sort_keys_are_texts_that_can_be_stored(first: str, second: str) -> None:
    assert isinstance(sort_key(first) < sort_key(second), bool)
    sort_key(first).encode("utf-8")
