"""The stretches of the road that stories share: order, bill, receive, pay. Each is a step that names its events."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from guantong.engine.org.entity import Entity
from guantong.engine.tenancy.organization import Organization
from guantong.engine.tenancy.scope import scope
from guantong.modules.ledger.checks import check_entity
from tests.books.text import ledger_text, same_ledger

if TYPE_CHECKING:
    from tests.world import World

Record = dict[str, Any]


def bank_account(world: World, number: str = "6222000011112222", **more: Any) -> Record:
    """An account of ours, of the first entity unless another is named."""
    entity = more.pop("entity", None) or str(world.entity.id)
    body = {
        "entity": entity,
        "holder": "华辰装备有限公司",
        "account_number": number,
        "bank": "工商银行",
        **more,
    }
    with world.step("bank_account.created"):
        found = world.as_("陈静").post("bank_accounts", body, status=201)
    return found


def ordered(world: World, customer: Record, lines: list[Record], *, by: str = "王磊", **more: Any) -> Record:
    """A confirmed order; its invoice has been drafted."""
    with world.step("order.created"):
        order = world.as_(by).post("orders", {"customer": customer["id"], "lines": lines, **more}, status=201)
    with world.step("order.confirm", "invoice.created"):
        order = world.as_(by).post(f"orders/{order['id']}/confirm")
    assert order["state"] == "confirmed"
    return order


def draft_of(world: World, order: Record) -> Record:
    """The draft invoice of an order."""
    wanted = [
        {"field": "order", "op": "eq", "value": order["id"]},
        {"field": "state", "op": "eq", "value": "draft"},
    ]
    (draft,) = world.as_("陈静").list("invoices", filter={"and": wanted})
    return world.as_("陈静").get(f"invoices/{draft['id']}")


def billed(world: World, order: Record, *, first: bool = False, complete: bool = True) -> Record:
    """The order's draft invoice, issued. `first`: it opens the month's books. `complete`: nothing is left to bill."""
    draft = draft_of(world, order)
    opened = ["period.created"] if first else []
    closed = ["order.complete"] if complete else []
    with world.step("invoice.issue", "order.set_invoiced", "journal_entry.created", *opened, *closed):
        invoice = world.as_("陈静").post(f"invoices/{draft['id']}/issue")
    assert invoice["state"] == "issued" and invoice["open"] == invoice["gross"]
    return invoice


def received(world: World, amount: str, account: Record, *, first: bool = False, **more: Any) -> Record:
    """Money from somebody, recorded."""
    body = {"amount": amount, "bank_account": account["id"], "currency": account["currency"], **more}
    body.setdefault("received_on", world.clock.read().date().isoformat())
    with world.step("receipt.created"):
        receipt = world.as_("陈静").post("receipts", body, status=201)
    named = ["receipt.claim"] if "customer" in more else []
    opened = ["period.created"] if first else []
    with world.step("receipt.record", "journal_entry.created", *named, *opened):
        receipt = world.as_("陈静").post(f"receipts/{receipt['id']}/record")
    return receipt


def claimed(world: World, receipt: Record, customer: Record, *, by: str = "王磊") -> Record:
    """The money is claimed for a customer by sales, and confirmed by finance."""
    with world.step("receipt.claim"):
        receipt = world.as_(by).post(f"receipts/{receipt['id']}/claim", {"customer": customer["id"]})
    assert (receipt["state"], receipt["claimed_by"]["id"]) == ("claimed", world.id_of(by))
    return confirmed(world, receipt)


def confirmed(world: World, receipt: Record) -> Record:
    """Finance agrees with the claim."""
    with world.step("receipt.confirm", "journal_entry.created"):
        receipt = world.as_("陈静").post(f"receipts/{receipt['id']}/confirm")
    assert (receipt["state"], receipt["open"]) == ("confirmed", receipt["amount"])
    return receipt


def allocated(
    world: World, receipt: Record, *splits: tuple[Record, str], settles: int = 0, first: bool = False
) -> Record:
    """The money pays invoices, each with an amount of its own; `settles` of them are paid in full then."""
    each = ["allocation.created", "receipt.set_allocated", "invoice.set_settled"] * len(splits)
    more = ["invoice.settle"] * settles + (["period.created"] if first else [])
    body = {"splits": [{"invoice": invoice["id"], "amount": amount} for invoice, amount in splits]}
    with world.step("receipt.allocate", "journal_entry.created", *each, *more):
        receipt = world.as_("陈静").post(f"receipts/{receipt['id']}/allocate", body)
    return receipt


def wrong_in_books(world: World) -> list[str]:
    """What the checks of the books find, of every entity."""
    with scope(world.tenant):
        organization = Organization.objects.get(id=world.tenant)
        entities = list(Entity.objects.order_by("position", "code"))
        return [found for one in entities for found in check_entity(one, organization, lambda line: None)]


def the_books_are(world: World, expected: str, **only: Any) -> None:
    """The ledger reads as expected, and every check of the books finds nothing."""
    same_ledger(ledger_text(world.tenant, **only), expected)
    assert wrong_in_books(world) == []
