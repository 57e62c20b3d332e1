"""Generated usage: accounts of very different sizes, people who work in sessions, a few features that most use."""

import os
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import polars as pl

ACCOUNTS = 5_000
PEOPLE = 361_000
FEATURES = 60
PART = 10_000_000
DAYS = 730
FIRST_DAY = datetime(2024, 1, 1, tzinfo=UTC)
AS_OF = (FIRST_DAY + timedelta(days=DAYS)).date()
KEY_FEATURES = tuple(f"feature.{number:02d}" for number in range(12))


def cache() -> Path:
    """Return the folder for generated data: outside the repository, kept between runs."""
    place = os.environ.get("BENCHMARK_CACHE") or str(Path(tempfile.gettempdir()) / "banso-benchmarks")
    folder = Path(place)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def generated(events: int, *, seed: int = 1, part: int = 0) -> Path:
    """Return a Parquet file of about so many events over two years, the same for the same seed; kept once made.

    Other parts are further events of the same people.
    """
    file = cache() / f"usage-{events}-{seed}{f'-{part}' if part else ''}.parquet"
    if not file.exists():
        temporary = file.with_suffix(".new")
        _frame(events, seed, part).write_parquet(temporary, compression="zstd")
        temporary.replace(file)
    return file


def generated_parts(events: int) -> list[Path]:
    """Return files that together hold so many events: one, or several of at most ten million."""
    count = max(1, events // PART)
    return [generated(events // count, part=part) for part in range(count)]


def _frame(events: int, seed: int, part: int) -> pl.DataFrame:
    random = np.random.default_rng(seed)
    weight = random.lognormal(0.0, 1.2, ACCOUNTS)
    account_of = np.sort(random.choice(ACCOUNTS, PEOPLE, p=weight / weight.sum()))
    keenness = random.lognormal(0.0, 1.0, PEOPLE)
    joined = random.integers(0, DAYS - 30, PEOPLE)
    random = np.random.default_rng([seed, part]) if part else random
    sessions = events // 3
    person = random.choice(PEOPLE, sessions, p=keenness / keenness.sum())
    day = joined[person] + (random.random(sessions) * (DAYS - joined[person])).astype(np.int64)
    is_weekend = (day % 7) >= 5
    day = np.where(is_weekend & (random.random(sessions) < 0.8), np.maximum(day - 2, joined[person]), day)
    popularity = 1.0 / np.arange(1, FEATURES + 1)
    of = np.repeat(np.arange(sessions), random.poisson(2.0, sessions) + 1)
    feature = random.choice(FEATURES, of.size, p=popularity / popularity.sum())
    microseconds = (day[of] * 86_400 + random.integers(0, 86_400, of.size)) * 1_000_000
    first = int(FIRST_DAY.timestamp() * 1_000_000)
    return pl.DataFrame(
        {
            "at": pl.Series(first + microseconds).cast(pl.Datetime("us", "UTC")),
            "account": _names("account-", account_of[person[of]], 5),
            "person": _names("person-", person[of], 6),
            "name": _names("feature.", feature, 2),
            "message_id": _names(f"m{part}-" if part else "m", np.arange(of.size), 9),
        }
    )


def _names(prefix: str, numbers: np.ndarray, width: int) -> pl.Series:
    return pl.Series("n", numbers).to_frame().select(prefix + pl.col("n").cast(pl.String).str.zfill(width)).to_series()


def installed(events: int) -> None:
    """Set up Django over an installation that holds these events, rolled up; made once, then kept."""

    def frames() -> Iterator[pl.LazyFrame]:
        return (pl.scan_parquet(file) for file in generated_parts(events))

    install(str(events), frames, now=FIRST_DAY + timedelta(days=DAYS))


def install(name: str, frames: Callable[[], Iterable[pl.LazyFrame]], *, now: datetime) -> None:
    """Set up Django over an installation of a name; its events are recorded and rolled up once, then kept."""
    home = cache() / f"installation-{name}"
    is_new = not (home / "usage" / "manifest.json").exists()
    home.mkdir(exist_ok=True)
    os.environ.update(BANSO_DATA=str(home), DJANGO_SETTINGS_MODULE="banso.site.settings")
    os.environ.pop("BANSO_DATABASE_URL", None)
    import django  # its settings read the environment above

    django.setup()
    if is_new:
        _fill(frames(), now=now)


def _fill(frames: Iterable[pl.LazyFrame], *, now: datetime) -> None:
    from django.core.management import call_command

    from banso.people.access import SYSTEM
    from banso.usage import actions

    call_command("migrate", verbosity=0)
    began = time.perf_counter()
    for frame in frames:
        # As a product sends them: each came in when it happened.
        actions.record(frame.with_columns(received_at="at"), source="benchmark", by=SYSTEM, now=now)
    recorded = time.perf_counter()
    actions.roll_up(now, time_zone="UTC")
    print(f"  recorded in {recorded - began:.1f} s, rolled up in {time.perf_counter() - recorded:.1f} s", flush=True)
