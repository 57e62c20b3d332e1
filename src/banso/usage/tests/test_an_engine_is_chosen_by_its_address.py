import pytest
from django.conf import LazySettings

from banso.usage import queries as usage
from banso.usage.models import engines
from banso.usage.rules.addresses import WrongEngine, address_of


def test_without_a_word_the_embedded_engine_answers() -> None:
    assert usage.answering_engine() == "duckdb"
    assert engines.current().dialect == "duckdb"


def test_an_address_is_taken_apart_and_its_password_is_not_shown() -> None:
    address = address_of("clickhouse://banso:p%40ss@ch.example.jp:8443/usage?secure=1&cluster=main")
    assert (address.kind, address.host, address.port, address.user) == ("clickhouse", "ch.example.jp", 8443, "banso")
    assert (address.password, address.path) == ("p@ss", "/usage")
    assert address.options == {"secure": "1", "cluster": "main"}
    assert "p@ss" not in repr(address)


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("mysql://host/db", "names no engine that Banso has"),
        ("duckdb:/some/file", "keeps its files in BANSO_DATA"),
        ("clickhouse:///db", "names no host"),
        ("clickhouse://host:99999/db", "cannot be read"),
        ("clickhouse://u:hidden@host/db?sharded=1", "unknown options: sharded; clickhouse knows: cluster, secure"),
    ],
)
def test_an_address_of_no_engine_is_refused_in_a_sentence(url: str, sentence: str, settings: LazySettings) -> None:
    settings.ENGINE_URL = url
    with pytest.raises(WrongEngine, match=sentence) as refused:
        usage.answering_engine()
    assert "hidden" not in str(refused.value)
