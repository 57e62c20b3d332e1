"""An account's page: the parts that are shown add up to the score that is shown, and the moves to the change."""

from decimal import Decimal

import pytest
from playwright.sync_api import Locator, Page

from tests.journeys.browser import Visitors

pytestmark = pytest.mark.journey

ACCOUNTS = 5


def points(cell: Locator) -> Decimal:
    """Read a number as people do: a typographic minus is a minus."""
    return Decimal(cell.inner_text().strip().replace("−", "-").replace("±", "").replace("+", "").replace(",", ""))


def adds_up(table: Locator) -> Decimal:
    """Return the total that a table shows, after holding it against its rows."""
    total = points(table.locator("tfoot .number"))
    assert sum((points(cell) for cell in table.locator("tbody .number").all()), Decimal(0)) == total
    return total


def addresses(page: Page) -> list[str]:
    page.goto("/accounts/?sort=health")
    links = page.locator("main tbody th[scope=row] a")
    return [str(link.get_attribute("href")) for link in links.all()[:ACCOUNTS]]


def test_parts_add_up_to_the_score_and_moves_to_the_change(visitors: Visitors) -> None:
    page = visitors.page()
    moved = 0
    for address in addresses(page):
        page.goto(f"{address}health/")
        facts = page.locator("dl.stats .stat dd:nth-child(2)")
        score, change = points(facts.nth(0)), points(facts.nth(1))
        tables = page.locator("table.parts")
        assert adds_up(tables.last) == score
        if tables.count() > 1:
            moved += 1
            assert adds_up(tables.first) == change
        else:
            assert change == 0
        measures = page.locator("main table:not(.parts)").first
        gives = [points(row.locator(".number").last) for row in measures.locator("tbody tr").all()]
        assert sum(gives, Decimal(0)) == score
        page.goto(address)
        assert adds_up(page.locator("#health table.parts").last) == score
        summary = page.locator(".summary-bar .stat dd").first.inner_text()
        assert summary.split()[0] == str(score.quantize(Decimal(1), rounding="ROUND_HALF_EVEN")) or abs(
            Decimal(summary.split()[0]) - score
        ) <= Decimal("0.5")
    assert moved
