"""The command about limits: take the list out, for a spreadsheet or another program."""

from gettext import gettext as _
from pathlib import Path

import click

from banso.site.cli import starting
from banso.site.cli.folders import use_running_demo

NEW_FILE = click.Path(dir_okay=False, path_type=Path)
TABS = ("all", "over", "soon", "ahead", "unlinked", "too_little")


@click.group(help=_("Use against the limits of contracts."))
def limits() -> None:
    """Hold the commands about limits together."""


@limits.command(help=_("Write the limits of all customers into a CSV file, or print them; what passes first on top."))
@click.argument("file", type=NEW_FILE, required=False)
@click.option("--tab", type=click.Choice(TABS), default="all", help=_("Only those behind a tab of the page."))
def export(file: Path | None, tab: str) -> None:
    """Write what the page's export would give to whoever sees all."""
    use_running_demo()
    starting.start_django()
    starting.bring_up_to_date()
    from django.conf import settings  # noqa: PLC0415  # needs Django started
    from django.utils import timezone, translation  # noqa: PLC0415

    from banso.accounts import queries as accounts  # noqa: PLC0415
    from banso.growth import queries as growth  # noqa: PLC0415
    from banso.people import queries as people  # noqa: PLC0415

    company = people.company()
    with translation.override(settings.LANGUAGE_CODE):
        sent = growth.sheet(
            accounts.EVERYTHING,
            growth.Asked(tab=tab),
            form="csv",
            today=people.today(company, timezone.now()),
            currency=company.currency,
        )
        content = b"".join(sent.chunks)
    if file is None:
        click.echo(content.decode("utf-8-sig").replace("\r\n", "\n"), nl=False)
        return
    try:
        file.write_bytes(content)
    except OSError as error:
        message = _("%(file)s cannot be written: %(reason)s. Choose another place.")
        raise starting.Refusal(message % {"file": file, "reason": error.strerror}) from error
    click.echo(_("%(file)s was written.") % {"file": file})
