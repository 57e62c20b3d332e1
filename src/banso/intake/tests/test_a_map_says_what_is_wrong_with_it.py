"""Maps from YAML and from the page: read back as written, and refused with what is wrong."""

from pathlib import Path

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from banso.intake import actions
from banso.intake.actions.commanding import SAMPLES
from banso.intake.queries import wording
from banso.intake.rules import mapping
from banso.intake.rules.mapping import Column, Lookup, Map, WrongMap
from banso.intake.rules.targets import KINDS

ID = {"from": "id", "to": "external_id"}
NAME = {"from": "name", "to": "name"}
WRONG = {
    "map_is_no_mapping": ["no map"],
    "unknown_kind": {"kind": "dogs", "columns": [ID]},
    "map_without_columns": {"kind": "accounts", "columns": []},
    "unknown_option": {"kind": "accounts", "colums": [], "columns": [ID]},
    "unknown_target": {"kind": "accounts", "columns": [{"from": "id", "to": "dog"}]},
    "column_without_target": {"kind": "accounts", "columns": [{"from": "id"}]},
    "column_without_source": {"kind": "accounts", "columns": [{"to": "name"}]},
    "wrong_template": {"kind": "accounts", "columns": [{"to": "name", "template": "{id"}]},
    "wrong_lookup": {"kind": "accounts", "columns": [ID | {"lookup": {"file": "x.csv"}}]},
    "lookup_leaves_folder": {
        "kind": "accounts",
        "columns": [ID | {"lookup": {"file": "../x.csv", "key": "a", "value": "b"}}],
    },
    "fact_twice": {"kind": "accounts", "columns": [ID, ID, NAME]},
    "fact_missing": {"kind": "accounts", "columns": [ID]},
    "unknown_column": {"kind": "accounts", "columns": [ID, {"from": "nome", "to": "name"}]},
}
WRONG_OPTIONS = [{"dates": "ydm"}, {"times": "ten"}, {"plus_days": "one"}]


@pytest.mark.parametrize("code", WRONG)
def test_a_wrong_map_is_answered_in_both_languages(code: str) -> None:
    with pytest.raises(WrongMap) as caught:
        mapping.check(mapping.from_plain(WRONG[code]), ["id", "name"])
    assert caught.value.code == code
    with translation.override("ja"):
        ja = wording.map_problem(caught.value, "accounts")
    with translation.override("en"):
        en = wording.map_problem(caught.value, "accounts")
    assert ja != en


@pytest.mark.parametrize("option", WRONG_OPTIONS)
def test_a_wrong_option_is_named(option: dict[str, str]) -> None:
    with pytest.raises(WrongMap) as caught:
        mapping.from_plain({"kind": "accounts", "columns": [ID | option]})
    assert caught.value.code == "wrong_option"
    assert caught.value.facts["option"] in option


def test_a_pick_and_a_zone_are_checked() -> None:
    lookup = {"file": "x.csv", "key": "a", "value": "b", "pick": "middle"}
    with pytest.raises(WrongMap) as caught:
        mapping.from_plain({"kind": "accounts", "columns": [ID | {"lookup": lookup}]})
    assert caught.value.facts["option"] == "pick"
    with pytest.raises(WrongMap):
        mapping.check_zone("Asia/Atlantis")
    assert mapping.check_zone("Asia/Tokyo") == "Asia/Tokyo"


def test_an_amount_needs_to_say_of_how_many_months_it_is() -> None:
    columns = [{"from": name, "to": name} for name in ("external_id", "account", "starts_on", "amount")]
    with pytest.raises(WrongMap) as caught:
        mapping.check(mapping.from_plain({"kind": "contracts", "columns": columns}), [one["from"] for one in columns])
    assert caught.value.facts["to"] == "term_months"


def test_the_first_of_something_must_be_read() -> None:
    with pytest.raises(WrongMap):
        mapping.check(
            mapping.from_plain({"kind": "accounts", "first_of": "parent", "columns": [ID, NAME]}), ["id", "name"]
        )


def test_words_that_yaml_takes_for_booleans_stay_words() -> None:
    chosen = mapping.from_plain(
        {"kind": "accounts", "columns": [ID | {"yes": True, "words": {False: "x"}, "when": {"a": ["b"]}}]}
    )
    assert chosen.columns[0].yes == ("true",)
    assert chosen.columns[0].words == {"false": "x"}
    assert chosen.reading("name") is None


def test_a_file_that_is_no_yaml_is_named(tmp_path: Path) -> None:
    (tmp_path / "map.yaml").write_text("columns: [")
    with pytest.raises(WrongMap) as caught:
        actions.read_map(tmp_path / "map.yaml")
    assert caught.value.code == "map_is_no_yaml"
    assert caught.value.facts["reason"].startswith("1:11: ")
    assert "\n" not in caught.value.facts["reason"]
    with pytest.raises(WrongMap) as caught:
        actions.read_map(tmp_path / "none.yaml")
    assert caught.value.code == "map_unreadable"


@pytest.mark.parametrize(
    "path", sorted(SAMPLES.glob("*/[0-9]*.yaml")), ids=lambda path: f"{path.parent.name}-{path.stem}"
)
def test_the_maps_of_the_samples_are_whole(path: Path) -> None:
    chosen = actions.read_map(path)
    assert chosen.file
    assert mapping.from_plain(mapping.as_plain(chosen)) == chosen


COLUMN = st.builds(
    Column,
    to=st.sampled_from([target.key for target in KINDS["accounts"]]),
    source=st.text("abc ", min_size=1),
    dates=st.sampled_from(["", "ymd", "mdy", "dmy"]),
    times=st.sampled_from(["", "0.01", "1000"]),
    is_minor=st.booleans(),
    yes=st.lists(st.text("ab", min_size=1)).map(tuple),
    words=st.dictionaries(st.text("ab", min_size=1), st.text("ab")),
    lookup=st.none()
    | st.builds(Lookup, st.just("x.csv"), st.text("a"), st.text("b"), st.sampled_from(["first", "last"])),
    when=st.dictionaries(st.text("ab", min_size=1), st.lists(st.text("ab")).map(tuple)),
)


@given(st.lists(COLUMN, min_size=1).map(tuple), st.sampled_from(["", "x"]))
def test_a_map_is_read_back_as_it_was_written(columns: tuple[Column, ...], source: str) -> None:
    chosen = Map(kind="accounts", columns=columns, source=source)
    assert mapping.from_plain(mapping.as_plain(chosen)) == chosen
