"""The group of all commands."""

import sys
from gettext import gettext as _
from importlib.metadata import version

import click

from banso.site.cli import backtesting, counting, defining, demo, importing, limiting, managing, running, sourcing


@click.group(
    help=_(
        "Banso: who needs us today, why, and what to do. Settings are BANSO_* variables; see docs/configuration.md."
    ),
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(version("banso"), message="Banso %(version)s")
def banso() -> None:
    """Hold the commands together."""


for command in (
    demo.demo,
    demo.prepare,
    running.serve,
    running.worker,
    importing.import_file,
    sourcing.sources,
    defining.definitions,
    backtesting.backtest,
    limiting.limits,
    counting.engine,
    managing.doctor,
    managing.user,
    managing.key,
):
    banso.add_command(command)


def main() -> None:
    """Run the command that the arguments name."""
    banso.main(args=sys.argv[1:], prog_name="banso")
