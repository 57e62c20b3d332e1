"""The door for reading usage: measures of all accounts as of any date, and what one account's pages show."""

from banso.usage.queries.activity import (
    DayRow,
    EventRow,
    FeatureRow,
    MomentRow,
    PersonRow,
    TotalRow,
    counted_at,
    daily_of,
    event_names,
    features_of,
    moments_of,
    needs_rolling_up,
    people_of,
    segments_waiting,
    span,
    totals_of,
)
from banso.usage.queries.adoption import feature_standings, feature_weeks, mondays
from banso.usage.queries.catalogue import numbers_seen, properties_seen
from banso.usage.queries.days import days_of_use
from banso.usage.queries.identity import accounts_by_name, accounts_of_people, names_seen, people_called
from banso.usage.queries.measured import measures_by_week, measures_on, sql_of
from banso.usage.queries.metered import daily_amounts, latest_values
from banso.usage.queries.reading import answering_engine, engine_keeps_rows, engine_kind, engine_lacks, needs_loading
from banso.usage.queries.releases import ReleaseRow, releases
from banso.usage.queries.volumes import daily_volumes, weekly_volumes
from banso.usage.rules.addresses import EngineDown, WrongEngine
from banso.usage.rules.identity import name_of_shared, name_of_user, name_of_visitor
from banso.usage.rules.kinds import AGAINST, COMPARED, KINDS, Kind, KindRule
from banso.usage.rules.levels import LEVELS, LEVELS_OF_ACCOUNTS, Level
from banso.usage.rules.measures import KNOWN, Known, Measure, WrongMeasure

__all__ = [
    "AGAINST",
    "COMPARED",
    "KINDS",
    "KNOWN",
    "LEVELS",
    "LEVELS_OF_ACCOUNTS",
    "DayRow",
    "EngineDown",
    "EventRow",
    "FeatureRow",
    "Kind",
    "KindRule",
    "Known",
    "Level",
    "Measure",
    "MomentRow",
    "PersonRow",
    "ReleaseRow",
    "TotalRow",
    "WrongEngine",
    "WrongMeasure",
    "accounts_by_name",
    "accounts_of_people",
    "answering_engine",
    "counted_at",
    "daily_amounts",
    "daily_of",
    "daily_volumes",
    "days_of_use",
    "engine_keeps_rows",
    "engine_kind",
    "engine_lacks",
    "event_names",
    "feature_standings",
    "feature_weeks",
    "features_of",
    "latest_values",
    "measures_by_week",
    "measures_on",
    "moments_of",
    "mondays",
    "name_of_shared",
    "name_of_user",
    "name_of_visitor",
    "names_seen",
    "needs_loading",
    "needs_rolling_up",
    "numbers_seen",
    "people_called",
    "people_of",
    "properties_seen",
    "releases",
    "segments_waiting",
    "span",
    "sql_of",
    "totals_of",
    "weekly_volumes",
]
