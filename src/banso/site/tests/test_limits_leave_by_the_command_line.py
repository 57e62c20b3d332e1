"""The list of limits is taken out where there is no browser."""

import csv
from pathlib import Path

from banso.growth import queries as growth
from banso.site.cli import limiting
from banso.site.tests.command_line import banso, fill

FILL = """
from banso.site.cli import starting
starting.start_django()
starting.bring_up_to_date()
from django.utils import timezone
from banso.growth.testing import an_account_with_limit, measured, metered
from banso.people import queries as people
now = timezone.now()
today = people.today(people.company(), now)
for name, limit in (("near", 3000), ("over", 100), ("loose", 900)):
    an_account_with_limit(name, limit, period="term", **({"meter": ""} if name == "loose" else {}))
    metered(name, 10, until=today)
measured(today, now=now)
"""


def test_the_command_knows_the_tabs_of_the_page() -> None:
    assert limiting.TABS == growth.TABS


def test_limits_are_printed_or_written(tmp_path: Path) -> None:
    fill(FILL, data=tmp_path)
    rows = list(csv.DictReader(banso("limits", "export", data=tmp_path).stdout.splitlines()))
    assert [row["Account ID"] for row in rows] == ["over", "near", "loose"]
    assert [(row["Used"], row["Limit"], row["State"]) for row in rows[:2]] == [
        ("1400.0", "100", "Over the limit"),
        ("1400.0", "3000", "Expected to pass"),
    ]
    file = tmp_path / "limits.csv"
    done = banso("limits", "export", str(file), "--tab", "over", data=tmp_path, settings={"BANSO_LANGUAGE": "ja"})
    assert done.stdout == f"{file} に書き出しました。\n"
    [only] = list(csv.DictReader(file.read_text(encoding="utf-8-sig").splitlines()))
    assert (only["アカウントID"], only["状態"]) == ("over", "上限超過")
    nowhere = banso("limits", "export", str(tmp_path / "no" / "limits.csv"), data=tmp_path)
    assert nowhere.returncode == 2
    assert "cannot be written" in nowhere.stderr
