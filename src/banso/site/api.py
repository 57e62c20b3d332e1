"""The REST API of an installation: the routers of the areas, one line each."""

from typing import Final

from banso.accounts import rest as accounts
from banso.api import rest as api
from banso.api.urls import build_api
from banso.contracts import rest as contracts
from banso.growth import rest as growth
from banso.health.rest import alerts, disagreements, drafts, markers, matrices, measures, overrides, risks, standings
from banso.intake.rest import quarantine, sources
from banso.usage import rest as usage

ROUTERS: Final = (
    api.router,
    accounts.router,
    contracts.router,
    growth.router,
    standings.router,
    risks.router,
    alerts.router,
    markers.router,
    disagreements.router,
    drafts.router,
    measures.router,
    matrices.router,
    overrides.router,
    usage.router,
    sources.router,
    quarantine.router,
)

urls = build_api(ROUTERS)
