"""A wrong invoice is taken back whole and billed anew; a paid one is cut, and what was paid too much is used again.

Amounts are copied from the invoice, never worked out again, and the numbers of the notes have no gaps.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.stories.road import (
    allocated,
    bank_account,
    billed,
    claimed,
    draft_of,
    ordered,
    received,
    the_books_are,
)
from tests.stories.shelf import customer, stocked

if TYPE_CHECKING:
    from tests.world import World

BOOKS = """
    2026-03-02  JV-2026-000001  INV-2026-00001
        Dr  receivable    1122    339,360.00 CNY
        Cr  revenue       6001        318.58 CNY
        Cr  revenue       6001    300,000.00 CNY
        Cr  deferred_vat  222110   39,041.42 CNY

    2026-03-03  JV-2026-000002  CN-2026-00001
        Dr  revenue       6001        318.58 CNY
        Dr  revenue       6001    300,000.00 CNY
        Dr  deferred_vat  222110   39,041.42 CNY
        Cr  receivable    1122    339,360.00 CNY

    2026-03-04  JV-2026-000003  INV-2026-00002
        Dr  receivable    1122    339,360.00 CNY
        Cr  revenue       6001        318.58 CNY
        Cr  revenue       6001    300,000.00 CNY
        Cr  deferred_vat  222110   39,041.42 CNY

    2026-03-04  JV-2026-000004  RC-2026-00001
        Dr  bank       1002  339,360.00 CNY
        Cr  unclaimed  2241  339,360.00 CNY

    2026-03-04  JV-2026-000005  RC-2026-00001
        Dr  unclaimed  2241  339,360.00 CNY
        Cr  advance    2203  339,360.00 CNY

    2026-03-04  JV-2026-000006  RC-2026-00001
        Dr  advance     2203  339,360.00 CNY
        Cr  receivable  1122  339,360.00 CNY

    2026-03-05  JV-2026-000007  CN-2026-00002
        Dr  revenue       6001    106.19 CNY
        Dr  deferred_vat  222110   13.81 CNY
        Cr  advance       2203    120.00 CNY

    2026-03-05  JV-2026-000008  INV-2026-00003
        Dr  receivable    1122    120.00 CNY
        Cr  revenue       6001    106.19 CNY
        Cr  deferred_vat  222110   13.81 CNY

    2026-03-05  JV-2026-000009
        Dr  advance     2203  120.00 CNY
        Cr  receivable  1122  120.00 CNY
"""


def test_credit_and_rebill(world: World) -> None:
    shelf, chen = stocked(world), world.as_("陈静")
    account, buyer = bank_account(world), customer(world, "苏州精工机械有限公司")
    order = ordered(world, buyer, [shelf.line("HC-500"), shelf.line("BOX", "3")])
    wrong = billed(world, order, first=True)
    assert (wrong["net"], wrong["tax"], wrong["gross"]) == ("300318.58", "39041.42", "339360.00")

    world.later(days=1)
    note = credited_whole(world, wrong)
    assert (note["number"], note["net"], note["tax"]) == ("CN-2026-00001", "300318.58", "39041.42")
    wrong = chen.get(f"invoices/{wrong['id']}")
    assert (wrong["state"], wrong["open"], wrong["credited"]) == ("credited", "0.00", "339360.00")
    order = chen.get(f"orders/{order['id']}")
    assert (order["state"], order["invoiced_gross"]) == ("confirmed", "0.00")

    world.later(days=1)
    with world.step("invoice.created"):
        draft = chen.post("invoices", {"order": order["id"], "owner": world.id_of("王磊")}, status=201)
    assert draft["gross"] == "339360.00" and draft_of(world, order)["id"] == draft["id"]
    right = billed(world, order)
    chen.post("credit_notes", {"invoice": wrong["id"], "reason": "mistake"}, status=409)

    receipt = claimed(world, received(world, "339360.00", account), buyer)
    allocated(world, receipt, (right, "339360.00"), settles=1)

    world.later(days=1)
    boxes = next(line for line in right["lines"] if line["gross"] == "360.00")
    part = cut(world, right, {"invoice_line": boxes["id"], "quantity": "1"})
    assert (part["net"], part["tax"], part["gross"], part["excess"]) == (
        "106.19",
        "13.81",
        "120.00",
        "120.00",
    )
    (excess,) = chen.list("receipts", filter={"field": "instrument", "op": "eq", "value": "credit"})
    assert (excess["state"], excess["open"]) == ("confirmed", "120.00")

    another = ordered(world, buyer, [shelf.line("BOX")])
    next_one = billed(world, another)
    allocated(world, excess, (next_one, "120.00"), settles=1)
    the_books_are(world, BOOKS)


def credited_whole(world: World, invoice: dict[str, Any]) -> dict[str, Any]:
    """All of an unpaid invoice is taken back, and may be billed again."""
    chen = world.as_("陈静")
    with world.step("credit_note.created"):
        body = {"invoice": invoice["id"], "reason": "mistake", "why": "抬头开错"}
        note = chen.post("credit_notes", body, status=201)
    chen.post(
        f"credit_notes/{note['id']}/issue", {}, status=422
    )  # whether it is billed again is asked, not guessed
    with world.step(
        "credit_note.issue", "invoice.set_credited", "invoice.void", "journal_entry.created",
        "order.set_invoiced", "order.resume",
    ):  # fmt: skip
        note = chen.post(f"credit_notes/{note['id']}/issue", {"rebill": True})
    return note


def cut(world: World, invoice: dict[str, Any], line: dict[str, Any]) -> dict[str, Any]:
    """A part of a paid invoice is taken back for good."""
    chen = world.as_("陈静")
    with world.step("credit_note.created"):
        body = {"invoice": invoice["id"], "reason": "return", "lines": [line]}
        note = chen.post("credit_notes", body, status=201)
    with world.step("credit_note.issue", "invoice.set_credited", "journal_entry.created", "receipt.created"):
        note = chen.post(f"credit_notes/{note['id']}/issue", {"rebill": False})
    return note
