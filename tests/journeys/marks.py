"""The pages that Lighthouse marks: those that people see first and most."""

from dataclasses import dataclass

from tests.journeys.browser import Visitors


@dataclass(frozen=True)
class Marked:
    """One page, and the headers of whoever sees it."""

    address: str
    headers: dict[str, str]


def seen_first(visitors: Visitors) -> dict[str, Marked]:
    """Sign somebody in and return sign-in, today, the list of accounts, and the account in the poorest health."""
    page = visitors.page()
    page.goto("/accounts/?sort=health")
    account = str(page.locator("main tbody th[scope=row] a").first.get_attribute("href"))
    cookies = {"Cookie": "; ".join(f"{one['name']}={one['value']}" for one in page.context.cookies())}
    site = visitors.installation.address
    return {
        "sign-in": Marked(f"{site}/account/login/", {}),
        "today": Marked(f"{site}/?whose=all&when=soon", cookies),
        "list of accounts": Marked(f"{site}/accounts/", cookies),
        "account": Marked(f"{site}{account}", cookies),
    }
