"""Features that mark those who stay, against their targets: python -m benchmarks.evidence.adoption.

Books of accounts with a hidden will, of which use is a noisy sign: by it 24 features are taken up, and by it accounts
stay. Four features also keep accounts (1.35 on the log-odds: of 100, 88 stay instead of 65); in the world of nothing,
none does. The simulator's book has eight features that follow its hidden health and keep nobody.
"""

import sys
import time
from datetime import date
from importlib import import_module

import numpy as np

from banso.science.adoption import Histories, Markers, markers
from benchmarks.evidence._data import shared

FEATURES = 24
TRUE = 4
EFFECT = 1.35
WINDOW = (date(2024, 1, 1), date(2025, 12, 31))


def book(accounts: int, *, seed: int, effect: float = EFFECT) -> Histories:
    """Return accounts with hidden will, use and size that follow it, features that follow use, and who stayed."""
    rng = np.random.default_rng(seed)
    will, size = rng.normal(0, 1, accounts), rng.normal(0, 1, accounts)
    use = will + 0.3 * rng.normal(0, 1, accounts)
    ease = rng.uniform(-1.8, 0.2, FEATURES)
    pull = rng.uniform(0.5, 1.3, FEATURES)
    odds = ease + pull * will[:, None] + 0.3 * size[:, None]
    had = rng.random((accounts, FEATURES)) < 1 / (1 + np.exp(-odds))
    week = np.where(had, rng.uniform(0, 13, had.shape), np.where(rng.random(had.shape) < 0.3, 30.0, np.nan))
    share = had[:, :TRUE].mean(axis=0)
    logit = 1.0 + 0.9 * will + 0.2 * size + effect * (had[:, :TRUE] - share).sum(axis=1)
    kept = (rng.random(accounts) < 1 / (1 + np.exp(-logit))).astype(float)
    observed = np.where(rng.random(accounts) < 0.05, 8.0, 60.0)
    names = [f"feature {n}" for n in range(FEATURES)]
    return Histories(names, week, observed, kept, np.column_stack([use, size]))


def simulated(accounts: int, *, seed: int) -> Histories:
    """Return the simulator's accounts at their first decision: their features never keep anybody."""
    sys.path.insert(0, str(shared("simulator")))
    accounts_of, policies = import_module("accounts"), import_module("policies")
    world = accounts_of.World(accounts, (0, 52), accounts_of.MATURE, seed=seed)
    features = []
    policy, managers = policies.Reactive(frac=0.5), max(1, accounts // 200)
    turn = (np.arange(world.n) % managers, np.full(managers, 20.0), max(2, int(accounts * 0.03)))
    for _ in range(105):
        policies.play(world, policy, 1, 200, csm=turn)
        features.append(world.feat.copy())
    feats, use = np.array(features), world.arrs("use") / (world.seats * accounts_of.season(np.arange(world.t))[:, None])
    age = np.arange(world.t)[:, None] - world.start
    had = (feats & (age <= 12)[:, :, None]).any(axis=0)
    early = np.where((age >= 4) & (age <= 12), use, np.nan)
    level, first = np.nanmean(early, axis=0), np.nanmean(np.where(age <= 12, use, np.nan), axis=0)
    kept = (world.churn_week - world.start > 52).astype(float)
    onboarded = ((world.onb_done >= 0) & (world.onb_done - world.start <= 12)).astype(float)
    adjust = np.column_stack([level, first, np.log(world.seats), onboarded])
    names = [f"feature {n}" for n in range(8)]
    return Histories(names, np.where(had, 5.0, np.nan), np.full(world.n, 53.0), kept, adjust)


def found(histories: Histories, seed: int) -> set[str]:
    """Return the names of candidates."""
    judged = markers(histories, window=WINDOW, seed=seed)
    if not isinstance(judged, Markers):
        raise TypeError(judged)
    return {row.feature for row in judged.rows if row.verdict == "candidate"}


def main(runs: int = 40) -> None:
    """Print the table of targets and figures."""
    true = {f"feature {n}" for n in range(TRUE)}
    print(f"Features that mark those who stay, {runs} runs each\n")
    print("| figure | target | measured |\n| --- | --- | --- |")
    start = time.perf_counter()
    for accounts, power in ((300, "≥ .75"), (1000, "≥ .95")):
        named = [found(book(accounts, seed=seed), seed) for seed in range(runs)]
        hits, all_named = sum(len(one & true) for one in named), sum(map(len, named))
        print(f"| power at {accounts} accounts | {power} | {hits / (runs * TRUE):.2f} |")
        print(f"| false share of candidates at {accounts} | ≤ .15 | {(all_named - hits) / max(all_named, 1):.2f} |")
    print(f"| seconds a run at 300 and 1,000 together | — | {(time.perf_counter() - start) / runs:.1f} |")
    for accounts in (300, 1000):
        nothing = [book(accounts, seed=1000 + seed, effect=0.0) for seed in range(runs)]
        any_named = [bool(found(one, seed)) for seed, one in enumerate(nothing)]
        print(f"| nothing keeps, {accounts} accounts: runs with any candidate | ≤ .10 | {np.mean(any_named):.2f} |")
    any_named = [bool(found(simulated(600, seed=seed), seed)) for seed in range(min(runs, 20))]
    print(f"| simulator, 600 accounts: runs with any candidate | ≤ .10 | {np.mean(any_named):.2f} |")


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:]))
