"""Mail that people wait for, sent apart from the request: how long an answer takes tells nothing about who exists."""

from django.tasks import task
from django.utils import timezone

from banso.people import actions


@task()
def send_reset(email: str, site: str) -> None:
    """Mail a link to choose a new password to whoever has this address, if anybody does."""
    actions.send_reset(email=email, site=site, now=timezone.now())
