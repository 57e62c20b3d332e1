"""What depends on the name of an event: measures that list it, and the parts of the scorecard that rest on them."""

from dataclasses import dataclass

from banso.health import queries as health


@dataclass(frozen=True)
class Dependents:
    """The labels of measures that name an event, those that count any use, and whether the scorecard uses one."""

    measures: tuple[str, ...]
    of_any_use: tuple[str, ...]
    on_the_scorecard: tuple[str, ...]


def dependents(name: str, language: str) -> Dependents:
    """Return what changes when an event counts in another way; three queries at most."""
    card = health.current_scorecard()
    scored = card.definition.measures if card else ()
    counts = {one.key: one for one in (*(one.count for one in health.measures()), *scored)}
    touched = [one for one in counts.values() if one.source == "usage" and (not one.events or name in one.events)]
    on_card = {one.key for one in scored}
    return Dependents(
        measures=tuple(one.label.said_in(language) for one in touched if one.events),
        of_any_use=tuple(one.label.said_in(language) for one in touched if not one.events),
        on_the_scorecard=tuple(one.label.said_in(language) for one in touched if one.key in on_card),
    )
