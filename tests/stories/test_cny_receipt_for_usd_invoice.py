"""An invoice in USD is paid in CNY, in two parts: both sides pass the clearing account, the difference is 汇兑损益."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.stories.road import bank_account, billed, claimed, ordered, received, the_books_are
from tests.stories.shelf import customer

if TYPE_CHECKING:
    from tests.world import World

BOOKS = """
    2026-03-02  JV-2026-000001  INV-2026-00001
        Dr  receivable  1122  10,000.00 USD = 71,000.00 CNY @ 7.1
        Cr  revenue     6001  10,000.00 USD = 71,000.00 CNY @ 7.1

    2026-03-12  JV-2026-000002  RC-2026-00001
        Dr  bank       1002  28,800.00 CNY
        Cr  unclaimed  2241  28,800.00 CNY

    2026-03-12  JV-2026-000003  RC-2026-00001
        Dr  unclaimed  2241  28,800.00 CNY
        Cr  advance    2203  28,800.00 CNY

    2026-03-12  JV-2026-000004  (settlement)  RC-2026-00001
        Dr  advance             2203  28,800.00 CNY
        Cr  receivable          1122   4,000.00 USD = 28,400.00 CNY @ 7.1
        Cr  exchange_gain_loss  6061     400.00 CNY
        Dr  clearing            3002   4,000.00 USD = 28,400.00 CNY
        Cr  clearing            3002  28,400.00 CNY

    2026-04-11  JV-2026-000005  RC-2026-00002
        Dr  bank       1002  42,300.00 CNY
        Cr  unclaimed  2241  42,300.00 CNY

    2026-04-11  JV-2026-000006  RC-2026-00002
        Dr  unclaimed  2241  42,300.00 CNY
        Cr  advance    2203  42,300.00 CNY

    2026-04-11  JV-2026-000007  (settlement)  RC-2026-00002
        Dr  advance             2203  42,300.00 CNY
        Cr  receivable          1122   6,000.00 USD = 42,600.00 CNY @ 7.1
        Dr  exchange_gain_loss  6061     300.00 CNY
        Dr  clearing            3002   6,000.00 USD = 42,600.00 CNY
        Cr  clearing            3002  42,600.00 CNY
"""


def test_cny_receipt_for_usd_invoice(world: World) -> None:
    chen = world.as_("陈静")
    account, buyer = bank_account(world), customer(world, "Pacific Tools Inc.", currency="USD")
    line = {
        "description": "Machine HC-500", "quantity": "1", "unit": "set", "price": "10000.00",
        "price_basis": "exclusive", "tax_percent": "0", "tax_method": "zero",
    }  # fmt: skip
    order = ordered(world, buyer, [line], currency="USD")
    path = f"invoices/{draft_id(world, order)}/issue"
    refused = chen.post(path, status=422)
    assert refused["code"] == "no_exchange_rate"  # a missing rate is an error, never one
    for on, rate in (("2026-03-01", "7.10"), ("2026-04-01", "7.05")):
        with world.step("exchange_rate.created"):
            body = {"currency": "USD", "base_currency": "CNY", "rate": rate, "on": on}
            chen.post("exchange_rates", body, status=201)
    invoice = billed(world, order, first=True)
    assert (invoice["gross"], invoice["base_gross"], invoice["rate"]) == ("10000.00", "71000.00", "7.1")

    world.later(days=10)
    paid = claimed(world, received(world, "28800.00", account), buyer)
    chen.post(
        f"receipts/{paid['id']}/allocate",
        {"splits": [{"invoice": invoice["id"], "amount": "4000.00"}]},
        status=422,
    )  # what 4,000 USD cost in CNY must be said
    crossed(world, paid, invoice, amount="4000.00", paid="28800.00")
    assert chen.get(f"invoices/{invoice['id']}")["open"] == "6000.00"

    world.later(days=30)
    paid = claimed(world, received(world, "42300.00", account, first=True), buyer)
    crossed(world, paid, invoice, amount="6000.00", paid="42300.00", settles=True)
    assert chen.get(f"invoices/{invoice['id']}")["state"] == "settled"
    the_books_are(world, BOOKS)


def draft_id(world: World, order: dict[str, Any]) -> str:
    """The id of the order's draft invoice."""
    (draft,) = world.as_("陈静").list("invoices", filter={"field": "order", "op": "eq", "value": order["id"]})
    return str(draft["id"])


def crossed(
    world: World,
    receipt: dict[str, Any],
    invoice: dict[str, Any],
    *,
    amount: str,
    paid: str,
    settles: bool = False,
) -> None:
    """So much of the invoice is paid with so much of the receipt."""
    splits = [{"invoice": invoice["id"], "amount": amount, "paid": paid}]
    events = ["receipt.allocate", "allocation.created", "receipt.set_allocated", "invoice.set_settled"]
    more = ["invoice.settle"] if settles else []
    with world.step(*events, "journal_entry.created", *more):
        world.as_("陈静").post(f"receipts/{receipt['id']}/allocate", {"splits": splits})
