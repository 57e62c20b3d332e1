"""Take away a contract that should never have been there; one that is over ends instead, and stays in every past."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from banso.contracts.actions.drafts import COLUMNS, line_input, plain, summary
from banso.contracts.actions.ending import held
from banso.contracts.actions.positions import recompute_positions
from banso.contracts.models import Line
from banso.journal import actions as journal
from banso.people.access import Actor


@transaction.atomic
def remove_contract(*, contract_id: int, by: Actor, now: datetime, visible: "QuerySet[Any] | None" = None) -> None:
    """Remove a contract with its lines and its revenue of all days; the journal keeps all that it said.

    Raises UnknownContract.
    """
    contract = held(contract_id, visible)
    lines = list(Line.objects.filter(contract=contract).order_by("pk"))
    news = journal.News(
        "contract.removed",
        account_id=contract.account_id,
        subject_kind="contract",
        subject_id=contract.pk,
        subject_label=str(contract),
        details={
            "contract": contract.external_id,
            "currency": contract.currency,
            "mrr_minor": [sum(line.mrr_minor for line in lines), 0],
            "changes": {
                **{name: [plain(getattr(contract, name)), None] for name in COLUMNS},
                **{f"line {line.external_id}": [summary(line_input(line)), None] for line in lines},
            },
        },
    )
    contract.delete()
    recompute_positions(account_ids=[contract.account_id])
    journal.write(news, by=by, now=now)
