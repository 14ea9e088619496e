"""Give a new tenant its chart of accounts and roles, and each legal entity its first posting policy."""

from __future__ import annotations

import csv
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from guantong.engine.org.entity import Entity
from guantong.engine.states.unit import Unit
from guantong.modules.ledger.account import LedgerAccount
from guantong.modules.ledger.account_role import AccountRole
from guantong.modules.ledger.posting_policy import PostingPolicy

CHART = Path(__file__).with_name("chart_cn.csv")
FIRST_DAY = date(2000, 1, 1)
YES = "yes"


@cache
def chart() -> tuple[dict[str, str], ...]:
    """The shipped chart (企业会计准则): a row per account, with the roles that stand on it; parents come first."""
    with CHART.open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


def install_chart(unit: Unit) -> None:
    """Make accounts and roles once for the tenant of `unit`; a second call does nothing."""
    if _pending(unit, LedgerAccount) or LedgerAccount.objects.exists():
        return
    made: dict[str, Any] = {}
    for row in chart():
        made[row["code"]] = account = unit.create(
            LedgerAccount,
            code=row["code"],
            name=row["zh"],
            name_en=row["en"],
            kind=row["kind"],
            parent_id=made[row["parent"]].id if row["parent"] else None,
            is_monetary=row["monetary"] == YES,
            is_revalued=row["revalued"] == YES,
        )
        for role in row["roles"].split():
            unit.create(AccountRole, role=role, account_id=account.id)


def install_policy(unit: Unit, entity: Entity) -> None:
    """Give a new entity its first posting policy."""
    unit.create(
        PostingPolicy,
        entity_id=entity.id,
        name="standard",
        edition=1,
        valid_from=FIRST_DAY,
        currency=entity.base_currency,
    )


def _pending(unit: Unit, model: Any) -> bool:
    return any(kind is model for kind, _ in unit.records)
