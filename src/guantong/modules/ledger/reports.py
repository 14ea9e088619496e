"""The reports of the ledger by name: each takes an entity and days, and returns plain values ready for JSON."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from guantong.base.errors import NotFound
from guantong.engine.access import role
from guantong.engine.query.reports import provide
from guantong.modules.ledger.ageing import ageing
from guantong.modules.ledger.statement import account_statement
from guantong.modules.ledger.trial_balance import trial_balance
from guantong.modules.ledger.turnover import revenue, vat

Report = Callable[..., dict[str, Any]]
REPORTS: Mapping[str, Report] = {
    "trial_balance": trial_balance,
    "ageing": ageing,
    "revenue": revenue,
    "vat": vat,
    "account_statement": account_statement,
}
READERS = role("finance", "administrator")

for _name, _report in REPORTS.items():
    provide(_name, _report, READERS)


def report_called(name: str) -> Report:
    """The report of that name. Raises NotFound."""
    try:
        return REPORTS[name]
    except KeyError:
        raise NotFound("unknown_report", report=name[:60]) from None
