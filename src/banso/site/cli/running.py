"""The commands that run an installation: server and worker."""

from gettext import gettext as _

import click

from banso.site.cli import processes, starting

WITH_PARENT = click.option("--with-parent", is_flag=True, hidden=True)
THREADS = 8


@click.command(help=_("Answer browsers and programs. Brings the database up to date first."))
@click.option("--host", help=_("Address to listen at; else BANSO_HOST."))
@click.option("--port", type=click.IntRange(0, 65535), help=_("Port to listen at, 0 for a free one; else BANSO_PORT."))
@click.option("--up-to-date", is_flag=True, hidden=True)
@WITH_PARENT
def serve(host: str | None, port: int | None, *, up_to_date: bool, with_parent: bool) -> None:
    """Start the HTTP server."""
    if with_parent:
        processes.leave_with_parent()
    settings = starting.start_django()
    address = host or settings.host
    chosen = starting.free_port(address, settings.port if port is None else port)
    if not up_to_date:
        starting.bring_up_to_date()
        click.echo(_("Banso answers at http://%(host)s:%(port)d/") % {"host": address, "port": chosen})
    from granian import Granian  # noqa: PLC0415  # only the server needs it
    from granian.constants import Interfaces  # noqa: PLC0415
    from granian.log import LogLevels  # noqa: PLC0415

    Granian(
        "banso.site.wsgi:application",
        address=address,
        port=chosen,
        interface=Interfaces.WSGI,
        workers=settings.workers,
        blocking_threads=THREADS,
        respawn_failed_workers=True,
        workers_kill_timeout=8,
        websockets=False,
        log_level=LogLevels.error,
    ).serve()


@click.command(help=_("Do the jobs that wait: imports, roll-ups, the nightly health. Several may run."))
@WITH_PARENT
def worker(*, with_parent: bool) -> None:
    """Start a worker."""
    if with_parent:
        processes.leave_with_parent()
    starting.start_django()
    if not with_parent:
        click.echo(_("The worker is ready and does jobs as they come. Ctrl-C stops it."))
    from banso.site import worker as works  # noqa: PLC0415  # needs Django started

    works.work()
