"""Operators list, read, pause and resume sources where there is no browser."""

import json
import time
from pathlib import Path

from banso.intake.queries.connectors import folder
from banso.site.tests.command_line import banso, fill

FILL = """
from banso.site.cli import starting
starting.start_django()
starting.bring_up_to_date()
from pathlib import Path
from django.conf import settings
from banso.intake.testing import a_feed, a_source
folder = Path(settings.DATA) / "incoming"
folder.mkdir()
(folder / "a.csv").write_text("id,company\\nA-1,Acme\\n,Nobody\\n")
a_feed(a_source(folder), ("external_id", "id"), ("name", "company"))
"""


def test_sources_are_steered_by_name(tmp_path: Path) -> None:
    assert "There is no source yet" in banso("sources", "list", data=tmp_path).stdout
    assert "banso sources list" in banso("sources", "run", "CRM", data=tmp_path).stderr
    fill(FILL, data=tmp_path)
    time.sleep(folder.QUIET.total_seconds() + 1)  # the file must have been left alone
    run = banso("sources", "run", "CRM", data=tmp_path)
    assert (run.returncode, run.stdout) == (1, "CRM: partial\n1 added, 0 changed, 0 as before, 1 refused\n")
    assert "is paused" in banso("sources", "pause", "CRM", data=tmp_path).stdout
    [one] = json.loads(banso("sources", "list", "--json", data=tmp_path).stdout)
    assert (one["name"], one["due_at"], one["last_run"]["refused"]) == ("CRM", None, 1)
    assert "paused" in banso("sources", "list", data=tmp_path).stdout
    assert "read by itself" in banso("sources", "resume", "CRM", data=tmp_path).stdout
