"""What a backtest found, in sentences: how surely, of how many, and what is missing where it cannot be said."""

from collections.abc import Iterator

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from banso.health.queries.backtests import Lab, Ran
from banso.science.backtest import Backtest, Caution, Comparison, Preference, Verdict
from banso.science.basis import Interval, NotEnough
from banso.shared.numbers import rounded


def sentences(lab: Lab) -> Iterator[str]:
    """Yield what a person needs to know, most important first, in the reader's language."""
    for run in lab.runs:
        yield from _of_run(run)
    for run, found in zip(lab.runs[1:], lab.comparisons, strict=True):
        yield _of_comparison(lab.runs[0], run, found)


def verdict_text(found: Backtest) -> str:
    """Return whether the order of accounts is better than chance, with the interval that says so."""
    if found.verdict is Verdict.CHANCE:
        return _("No better than chance: the interval of the AUC covers 0.50.")
    if found.verdict is Verdict.WORSE:
        return _(
            "Worse than chance: those to whom it happened had the higher scores."
            " Look for a measure that is the wrong way round."
        )
    text = _(
        "Better than chance: of two customers, one to whom it happened and one to whom it did not,"
        " the first had the lower score %(share)s of the time."
    )
    return text % {"share": percent(found.auc.value)}


def missing_text(found: NotEnough) -> str:
    """Return how many more are needed before anything can be said."""
    names = {"lost": _("accounts of which it happened"), "kept": _("accounts of which it did not happen")}
    parts = [
        _("%(count)s more %(what)s") % {"count": number_format(count, 0), "what": names.get(name, name)}
        for name, count in found.missing.items()
    ]
    return _("Too little to say anything: %(parts)s are needed.") % {"parts": ", ".join(parts)}


def interval_text(found: Interval, digits: int = 2) -> str:
    """Return a number with its interval, such as 0.74 (0.69–0.79)."""
    return _("%(value)s (%(low)s–%(high)s)") % {
        "value": number_format(rounded(found.value, digits), digits),
        "low": number_format(rounded(found.low, digits), digits),
        "high": number_format(rounded(found.high, digits), digits),
    }


def percent_text(found: Interval) -> str:
    """Return a share with its interval, such as 12% (6%–21%)."""
    return _("%(value)s (%(low)s–%(high)s)") % {
        "value": percent(found.value),
        "low": percent(found.low),
        "high": percent(found.high),
    }


def percent(share: float) -> str:
    """Return a share as whole percent; a dash where it is not known."""
    return "–" if share != share else f"{number_format(rounded(share * 100, 0), 0)}%"  # noqa: PLR0124  # NaN is unlike itself


def _of_run(run: Ran) -> Iterator[str]:
    counts = {"name": run.name, "rows": number_format(run.rows, 0), "happened": number_format(run.happened, 0)}
    yield _("%(name)s: %(rows)s account-days looked back at; it followed on %(happened)s of them.") % counts
    found = run.found
    if isinstance(found, NotEnough):
        yield missing_text(found)
        return
    yield verdict_text(found)
    yield _("AUC %(auc)s, from %(events)s cases and %(accounts)s accounts.") % {
        "auc": interval_text(found.auc),
        "events": number_format(found.basis.events, 0),
        "accounts": number_format(found.basis.accounts, 0),
    }
    for one in found.levels:
        name = _("Level %(level)s") % {"level": one.level} if one.level else _("Not known")
        yield _("%(level)s: %(rate)s of %(rows)s.") % {
            "level": name,
            "rate": percent_text(one.rate),
            "rows": number_format(one.rows, 0),
        }
    yield ngettext(
        "With room for %(capacity)s account: %(caught)s of all cases met, %(lift)s times what chance meets.",
        "With room for %(capacity)s accounts: %(caught)s of all cases met, %(lift)s times what chance meets.",
        found.lift.capacity,
    ) % {
        "capacity": number_format(found.lift.capacity, 0),
        "caught": percent_text(found.lift.caught),
        "lift": interval_text(found.lift.lift, 1),
    }
    yield _of_surprise(found)
    yield from _of_cautions(found)


def _of_surprise(found: Backtest) -> str:
    surprise = found.surprise
    text = _("Of %(losses)s cases %(share)s were not flagged when they came.") % {
        "losses": number_format(surprise.losses, 0),
        "share": percent_text(surprise.not_flagged),
    }
    if surprise.lead_days is None:
        return text
    lead = _("Those that were had been flagged for %(days)s days (median).") % {
        "days": interval_text(surprise.lead_days, 0)
    }
    return f"{text} {lead}"


def _of_cautions(found: Backtest) -> Iterator[str]:
    words = {
        Caution.TOO_GOOD: _("Too good to be true: some measure has probably seen the answer."),
        Caution.POORLY_COVERED: _("Many accounts had no score: what is said may not hold for all."),
        Caution.NO_DAY_OF_LOSS: _("The days of the cases are not known: leads are at least so long."),
    }
    for one in found.cautions:
        yield words[one]


def _of_comparison(first: Ran, other: Ran, found: Comparison | NotEnough) -> str:
    names = {"one": first.name, "other": other.name}
    if isinstance(found, NotEnough):
        return missing_text(found)
    if found.preference is Preference.NONE:
        text = _("%(one)s and %(other)s cannot be told apart.") % names
        if found.losses_needed is None:
            return text
        needed = _("About %(count)s cases would be needed.") % {"count": number_format(found.losses_needed, 0)}
        return f"{text} {needed}"
    better, worse = (first, other) if found.preference is Preference.ONE else (other, first)
    return _("%(better)s orders accounts better than %(worse)s: difference of AUC %(difference)s.") % {
        "better": better.name,
        "worse": worse.name,
        "difference": interval_text(found.difference, 3),
    }
