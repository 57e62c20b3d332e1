"""A password is forgotten: its owner is mailed a link, which holds for an hour and once."""

from datetime import datetime
from typing import Final
from urllib.parse import urljoin

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import override

from banso.people.actions.changes import write_down
from banso.people.models import User
from banso.people.rules import SYSTEM

# Jobs stand above actions and call them; here one is only named.
JOB: Final = "banso.people.jobs.send_reset"


def ask_for_reset(*, email: str, site: str) -> None:
    """Have a link mailed to whoever has this address; the same is done whether or not anybody has it.

    `site` is the address at which the installation was asked, which the link leads back to.
    """
    import_string(JOB).enqueue(email, site)


@transaction.atomic
def send_reset(*, email: str, site: str, now: datetime) -> None:
    """Mail the link, in the language of its reader; former users and strangers get no mail."""
    user = User.objects.filter(email=email, is_active=True).first()
    if user is None:
        return
    write_down("user.reset_sent", "user", user.pk, user.email, details={}, by=SYSTEM, now=now)
    place = {"uidb36": user_pk_to_url_str(user), "key": default_token_generator.make_token(user)}
    context = {
        "user": user,
        "link": urljoin(site, reverse("account_reset_password_from_key", kwargs=place)),
        "minutes": settings.PASSWORD_RESET_TIMEOUT // 60,
    }
    with override(user.language):
        send_mail(
            _("Choose a new password for Banso"), render_to_string("people/mail/reset.txt", context), None, [email]
        )
