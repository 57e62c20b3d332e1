"""Cut-offs and rates of levels against their targets: python -m benchmarks.evidence.cutoffs."""

from typing import Final

import numpy as np

from banso.science.cutoffs import Finding, level_finding
from banso.science.rates import rates
from benchmarks.evidence._data import table

ACCOUNTS: Final = 300
NOISE_RUNS: Final = 500
WORLDS: Final = 200
LEVELS: Final = 4


def is_found(value: np.ndarray, lost: np.ndarray, seed: int) -> tuple[bool, bool]:
    """Return whether a cut is found, and whether it is the cut at 3."""
    later = np.random.default_rng(seed + 10_000).integers(0, 730, len(lost)).astype("timedelta64[D]")
    on = np.datetime64("2024-01-01", "D") + later
    found = level_finding(value, lost, np.arange(len(lost)), on, seed=seed)
    assert isinstance(found, Finding), found
    return found.is_found, bool(found.cut.value == 3)


def noise(seed: int) -> bool:
    """Return whether a measure of pure noise is found to tell who left, one in five did."""
    rng = np.random.default_rng(seed)
    return is_found(rng.normal(size=ACCOUNTS), rng.random(ACCOUNTS) < 0.2, seed)[0]


def under_three(seed: int) -> tuple[bool, bool]:
    """Return whether it is found that levels under 3 leave, 35 % of them against 12 % of the others."""
    rng = np.random.default_rng(seed)
    value = rng.integers(1, 5, ACCOUNTS).astype(float)
    return is_found(value, rng.random(ACCOUNTS) < np.where(value < 3, 0.35, 0.12), seed)


def covered(rng: np.random.Generator) -> np.ndarray:
    """Return for each level of a world whether its 80 % interval holds the rate that the world was made with."""
    mean, strength = rng.beta(2, 8), np.exp(rng.uniform(0, np.log(100)))
    true = rng.beta(mean * strength, (1 - mean) * strength, LEVELS)
    level = np.repeat(np.arange(LEVELS), rng.integers(5, 60, LEVELS))
    found = rates(rng.random(len(level)) < true[level], level)
    return np.array([found.of(one).low <= true[one] <= found.of(one).high for one in range(LEVELS)])


def main() -> None:
    """Print how often noise is found, how often the truth is, and how often intervals of levels hold their rate."""
    share = float(np.mean([noise(seed) for seed in range(NOISE_RUNS)]))
    told, at_three = np.mean([under_three(seed) for seed in range(100)], axis=0)
    rng = np.random.default_rng(2026)
    held = float(np.mean([covered(rng) for _ in range(WORLDS)]))
    lines = [
        (f"pure noise is found, {NOISE_RUNS} runs", "3–7 %", f"{share:.1%}", 0.03 <= share <= 0.07),
        ("levels under 3 leave (35 against 12 %), 300 accounts: found", "≥ 90 %", f"{told:.0%}", told >= 0.9),
        ("the cut is that at 3", "≥ 80 %", f"{at_three:.0%}", at_three >= 0.8),
        (f"80 % interval of a level's rate, {WORLDS} worlds", "75–85 %", f"{held:.1%}", 0.75 <= held <= 0.85),
    ]
    table("Cut-offs and rates of levels", lines)


if __name__ == "__main__":
    main()
