from datetime import date

import pytest

from banso.usage import queries as usage
from banso.usage.queries import Measure
from banso.usage.testing import events, recorded

pytestmark = pytest.mark.django_db


def test_smoke(settings, tmp_path):
    settings.DATA = tmp_path
    r = recorded(events(
        ("2026-03-01T01:00:00", "a", "taro", "report.opened"),
        ("2026-03-01T01:00:00", "a", "taro", "report.opened"),
        ("2026-03-21T01:00:00", "a", "jiro", "export.done", 5.0),
        ("2026-03-22T01:00:00", "b", None, "export.done", 2.5),
        ("2026-03-22T01:00:00", "a", None, "ticket.opened"),
    ))
    assert r.count == 5
    ms = [
        Measure("ev", "events"), Measure("ap", "active_people"), Measure("epp", "events_per_person"),
        Measure("df", "distinct_features"), Measure("ad", "adoption", events=("report.opened", "export.done", "x")),
        Measure("ps", "people_share", events=("export.done",)), Measure("rec", "recency_days"),
        Measure("ch", "change", 7), Measure("days", "active_days"), Measure("vs", "value_sum"),
        Measure("tk", "events", events=("ticket.opened",)), Measure("tkd", "active_days", events=("ticket.opened",)),
        Measure("lt", "recency_days", events=("ticket.opened",)), Measure("pv", "active_people", events=("ticket.opened", "export.done")),
    ]
    import polars as pl
    with pl.Config(tbl_cols=20):
        print(usage.measures_on(ms, date(2026, 3, 23)))
        print(usage.measures_by_week(ms, [date(2026, 3, 23), date(2026, 3, 2)]))
    print(usage.features_of("a", date(2026, 1, 1), date(2026, 4, 1)))
    print(usage.people_of("a", date(2026, 1, 1), date(2026, 4, 1)))
    print(usage.daily_of(["a", "b"], date(2026, 1, 1), date(2026, 4, 1)))
    print(usage.moments_of("a"), usage.span(), usage.event_names(), usage.totals_of(["a", "b"], date(2026, 1, 1), date(2026, 4, 1)))
