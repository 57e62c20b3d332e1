import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banso.shared.privacy import VEIL, is_telling, veiled, veiled_json


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("taro.yamada+x@acme.example", "t…@acme.example"),
        ("mail to a@b.jp and c@d.jp", "mail to a…@b.jp and c…@d.jp"),
        ("03-1234-5678", "…"),
        ("+81 90-1234-5678", "…"),
        ("09012345678", "…"),
        ("2026-02-30T00:00:00Z", "2026-02-30T00:00:00Z"),
        ("1767225600000", "1767225600000"),
        ("report.opened", "report.opened"),
    ],
)
def test_addresses_and_numbers_are_veiled_and_times_are_not(text: str, shown: str) -> None:
    assert veiled(text) == shown


def test_facts_about_people_are_veiled_by_their_name_wherever_they_stand() -> None:
    event = {"userId": "u1", "traits": {"First_Name": "太郎", "e-mail": "t@a.jp", "plan": "pro"}, "tags": ["t@a.jp"]}
    assert json.loads(veiled_json(json.dumps(event))) == {
        "userId": "u1",
        "traits": {"First_Name": VEIL, "e-mail": VEIL, "plan": "pro"},
        "tags": ["t…@a.jp"],
    }
    assert is_telling("writeKey")
    assert not is_telling("event")


def test_what_is_no_json_or_too_deep_is_veiled_as_it_is() -> None:
    assert veiled_json('{"email": "taro@acme.example"') == '{"email": "t…@acme.example"'
    assert VEIL in veiled_json("[" * 40 + "1" + "]" * 40)
    assert veiled_json("[" * 100_000) == "[" * 100_000


@given(
    st.recursive(
        st.none() | st.integers() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
    )
)
def test_veiling_keeps_the_shape_and_is_done_once(value: object) -> None:
    once = veiled_json(json.dumps(value))
    assert json.loads(veiled_json(once)) == json.loads(once)
