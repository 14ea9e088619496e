"""How many statements a verb sends, the whole request with BEGIN and COMMIT (house.md 7): never more than these."""

from __future__ import annotations

from typing import Any

import pytest

from guantong.engine.door.drain import run_one
from guantong.engine.events.event import Outbox
from guantong.engine.tenancy.scope import scope
from tests.modules.invoicing.trade import Trade, line


def _count(trade: Trade, path: str, body: Any = None) -> int:
    with trade.world.statements() as sent:
        trade.finance.post(path, body)
    return sent.index("COMMIT") + 1  # what follows are reactions, each in a transaction of its own


@pytest.fixture
def warm(trade: Trade) -> Trade:
    """A month whose period exists: the first entry of a month sends one more."""
    trade.invoice("1.00")
    return trade


def test_issue(warm: Trade) -> None:
    invoice = warm.draft_of(warm.order(line("1.00"), line("2.00")))
    assert _count(warm, f"invoices/{invoice['id']}/issue") == 12


def test_issue_without_an_order(warm: Trade) -> None:
    made = warm.finance.post("invoices", {"customer": warm.customer, "lines": [line("1.00")]})
    assert _count(warm, f"invoices/{made['id']}/issue") == 10


def test_credit(warm: Trade) -> None:
    invoice = warm.invoice("9.00")
    made = warm.finance.post("credit_notes", {"invoice": invoice["id"], "reason": "return"})
    assert _count(warm, f"credit_notes/{made['id']}/issue", {"rebill": False}) <= 11


def test_receipt(warm: Trade) -> None:
    made = warm.receipt("9.00", to="draft")
    assert _count(warm, f"receipts/{made['id']}/record") == 8
    assert _count(warm, f"receipts/{made['id']}/claim", {"customer": warm.customer}) == 7
    assert _count(warm, f"receipts/{made['id']}/confirm") == 8
    assert _count(warm, f"receipts/{made['id']}/refund", {"amount": "1.00", "why": "x"}) == 8


@pytest.mark.parametrize("count", [1, 5])
def test_allocate(warm: Trade, count: int) -> None:
    receipt = warm.receipt("9.00", to="confirmed")
    splits = [{"invoice": warm.invoice("1.00")["id"], "amount": "1.00"} for _ in range(count)]
    assert _count(warm, f"receipts/{receipt['id']}/allocate", {"splits": splits}) == 11
    assert _count(warm, f"receipts/{receipt['id']}/allocate_oldest") == 11
    chosen = {"field": "receipt", "op": "eq", "value": receipt["id"]}
    allocation = warm.finance.list("allocations", filter=chosen)[0]
    assert _count(warm, f"allocations/{allocation['id']}/reverse", {"why": "x"}) == 11


def test_write_off(warm: Trade) -> None:
    body = {"invoice": warm.invoice("1.00")["id"], "amount": "1.00", "reason": "small_difference"}
    made = warm.finance.post("write_offs", body)
    assert _count(warm, f"write_offs/{made['id']}/book") == 11


def test_the_reaction_that_drafts_an_invoice(warm: Trade) -> None:
    order = warm.order(confirm=False)
    tenant = warm.world.tenant
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("guantong.engine.door.work.drain", lambda request, reply: reply)
        confirmed = warm.sales.post(f"orders/{order['id']}/confirm")
    with scope(tenant):
        (due,) = Outbox.objects.filter(reaction="invoicing.draft_invoice").values_list("event", "reaction")
    actor = None
    with warm.world.statements() as sent:
        run_one(tenant, *due, actor)
    assert len(sent) <= 9, sent  # one of them asks who caused it: the door's own drain knows
    assert warm.draft_of(confirmed)["state"] == "draft"
