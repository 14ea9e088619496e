"""What the ledger does when something happens elsewhere: books for a new entity; its own vetoes; revaluation."""

from __future__ import annotations

from guantong.base.errors import Refused
from guantong.engine.org.entity import Entity
from guantong.engine.states import on
from guantong.engine.states.unit import current_unit
from guantong.modules.ledger.account import LedgerAccount
from guantong.modules.ledger.install import install_chart, install_policy
from guantong.modules.ledger.journal import JournalLine
from guantong.modules.ledger.period import Period
from guantong.modules.ledger.revalue import revalue_period

FIXED = ("code", "kind", "is_monetary")


@on(Entity.created, within=True)
def begin_books(entity: Entity) -> None:
    """Give the tenant its chart with its first entity, and each entity a posting policy."""
    install_chart(current_unit())
    install_policy(current_unit(), entity)


@on(Entity.changed, within=True)
def keep_base_currency(entity: Entity) -> None:
    """Refuse another base currency once there are entries."""
    before = current_unit().before[Entity, entity.id]
    is_other = before and before["base_currency"] != entity.base_currency
    if is_other and JournalLine.objects.filter(entity=entity.id).exists():
        raise Refused("has_entries", field="base_currency")


@on(LedgerAccount.changed, within=True)
def keep_posted_account(account: LedgerAccount) -> None:
    """Refuse another code, kind or monetary mark for an account that has lines."""
    before = current_unit().before[LedgerAccount, account.id]
    changed = [name for name in FIXED if before and before[name] != getattr(account, name)]
    if changed and JournalLine.objects.filter(account_id=account.id).exists():
        raise Refused("has_entries", field=changed[0])


@on(Period.revalue, within=True)
def post_revaluation(period: Period) -> None:
    """Enter the exchange differences of the month's end."""
    revalue_period(period)
