"""Say which features came with which release, and who has them by contract."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from banso.journal import actions as journal
from banso.people.access import Actor
from banso.usage.models import EventName, Release, ReleasedFeature

NAME_LENGTH = 100


class WrongRelease(ValueError):
    """A release that cannot be kept; the text says why, in the reader's language."""


@transaction.atomic
def save_release(
    *,
    name: str,
    released_on: date,
    features: Mapping[str, Sequence[str]],
    by: Actor,
    now: datetime,
    release_id: int | None = None,
) -> int:
    """Keep a release with its features, each with the plans and options that include it (none: everyone has it).

    A feature that another release had moves to this one. Returns the release's id; raises WrongRelease where the name
    is missing, too long or taken, where a feature is not known, or where the release is not there.
    """
    name = name.strip()
    if not name or len(name) > NAME_LENGTH:
        raise WrongRelease(_("Give the release a name of at most %(limit)s letters.") % {"limit": NAME_LENGTH})
    if Release.objects.filter(name=name).exclude(pk=release_id or 0).exists():
        raise WrongRelease(_("There is a release “%(name)s” already. Choose another name.") % {"name": name})
    events = dict(EventName.objects.filter(name__in=features).values_list("name", "pk"))
    if unknown := sorted(set(features) - set(events)):
        raise WrongRelease(_("No event ever came with this name: %(names)s.") % {"names": ", ".join(unknown)})
    release = _kept(release_id, name, released_on)
    ReleasedFeature.objects.filter(release=release).delete()
    ReleasedFeature.objects.filter(event__in=events.values()).delete()
    ReleasedFeature.objects.bulk_create(
        ReleasedFeature(release=release, event_id=events[feature], included_in=sorted(set(plans)))
        for feature, plans in features.items()
    )
    details = {"released_on": released_on.isoformat(), "features": sorted(features)}
    _tell("usage.release_saved", release, details, by=by, now=now)
    return release.pk


@transaction.atomic
def remove_release(*, release_id: int, by: Actor, now: datetime) -> None:
    """Forget a release; its features stay, without one. Raises WrongRelease where it is not there."""
    release = _found(release_id)
    _tell("usage.release_removed", release, {"released_on": release.released_on.isoformat()}, by=by, now=now)
    release.delete()


def _kept(release_id: int | None, name: str, released_on: date) -> Release:
    if release_id is None:
        return Release.objects.create(name=name, released_on=released_on)
    release = _found(release_id)
    release.name, release.released_on = name, released_on
    release.save(update_fields=["name", "released_on"])
    return release


def _found(release_id: int) -> Release:
    release = Release.objects.select_for_update().filter(pk=release_id).first()
    if release is None:
        raise WrongRelease(_("This release is not there any more."))
    return release


def _tell(verb: str, release: Release, details: Mapping[str, object], *, by: Actor, now: datetime) -> None:
    news = journal.News(
        verb, subject_kind="release", subject_id=release.pk, subject_label=release.name, details=details
    )
    journal.write(news, by=by, now=now)
