"""预付 30 %: money before the invoice is an advance; the rest comes 100.00 too high and goes back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.stories.road import allocated, bank_account, billed, claimed, ordered, received, the_books_are
from tests.stories.shelf import customer, stocked

if TYPE_CHECKING:
    from tests.world import World

BOOKS = """
    2026-03-02  JV-2026-000001  RC-2026-00001
        Dr  bank       1002  337,800.00 CNY
        Cr  unclaimed  2241  337,800.00 CNY

    2026-03-02  JV-2026-000002  RC-2026-00001
        Dr  unclaimed  2241  337,800.00 CNY
        Cr  advance    2203  337,800.00 CNY

    2026-03-22  JV-2026-000003  INV-2026-00001
        Dr  receivable    1122    1,126,000.00 CNY
        Cr  revenue       6001      100,000.00 CNY
        Cr  revenue       6001      900,000.00 CNY
        Cr  deferred_vat  222110    126,000.00 CNY

    2026-03-22  JV-2026-000004  RC-2026-00001
        Dr  advance     2203  337,800.00 CNY
        Cr  receivable  1122  337,800.00 CNY

    2026-04-16  JV-2026-000005  RC-2026-00002
        Dr  bank       1002  788,300.00 CNY
        Cr  unclaimed  2241  788,300.00 CNY

    2026-04-16  JV-2026-000006  RC-2026-00002
        Dr  unclaimed  2241  788,300.00 CNY
        Cr  advance    2203  788,300.00 CNY

    2026-04-16  JV-2026-000007  RC-2026-00002
        Dr  advance     2203  788,200.00 CNY
        Cr  receivable  1122  788,200.00 CNY

    2026-04-16  JV-2026-000008  RC-2026-00002
        Dr  advance  2203  100.00 CNY
        Cr  bank     1002  100.00 CNY
"""


def test_prepayment(world: World) -> None:
    shelf, chen = stocked(world), world.as_("陈静")
    account, buyer = bank_account(world), customer(world, "无锡重型机器有限公司")
    order = ordered(world, buyer, [shelf.line("HC-500", "3"), shelf.line("INST")])

    advance = claimed(world, received(world, "337800.00", account, first=True), buyer)
    chen.post(f"receipts/{advance['id']}/allocate_oldest", status=409)  # nothing is billed yet

    world.later(days=20)
    invoice = billed(world, order)
    splits = [{"invoice": invoice["id"], "amount": "337800.01"}]
    chen.post(
        f"receipts/{advance['id']}/allocate", {"splits": splits}, status=409
    )  # not a fen more than came in
    allocated(world, advance, (invoice, "337800.00"))
    assert chen.get(f"invoices/{invoice['id']}")["open"] == "788200.00"

    world.later(days=25)
    rest = claimed(world, received(world, "788300.00", account, first=True), buyer)
    splits = [{"invoice": invoice["id"], "amount": "788200.01"}]
    chen.post(
        f"receipts/{rest['id']}/allocate", {"splits": splits}, status=409
    )  # not a fen more than is owed
    rest = allocated(world, rest, (invoice, "788200.00"), settles=1)
    assert rest["open"] == "100.00"

    with world.step("receipt.refund", "journal_entry.created"):
        rest = chen.post(f"receipts/{rest['id']}/refund", {"amount": "100.00", "why": "多付退回"})
    assert (rest["state"], rest["open"], rest["refunded"]) == ("confirmed", "0.00", "100.00")
    chen.post(f"receipts/{rest['id']}/refund", {"amount": "0.01", "why": "再退"}, status=409)
    the_books_are(world, BOOKS)
