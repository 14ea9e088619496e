"""Going live in the middle: an order of three machines, one of them delivered and billed in the old system.

Only what is left is billed here; adoption itself posts nothing, the opening entries come from the old books.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.stories.road import (
    allocated,
    bank_account,
    claimed,
    received,
    the_books_are,
)
from tests.stories.shelf import customer, stocked

if TYPE_CHECKING:
    from tests.world import World

BOOKS = """
    2026-03-02  JV-2026-000001  INV-2026-00001
        Dr  receivable    1122    678,000.00 CNY
        Cr  revenue       6001    600,000.00 CNY
        Cr  deferred_vat  222110   78,000.00 CNY

    2026-03-02  JV-2026-000002  RC-2026-00001
        Dr  bank       1002  678,000.00 CNY
        Cr  unclaimed  2241  678,000.00 CNY

    2026-03-02  JV-2026-000003  RC-2026-00001
        Dr  unclaimed  2241  678,000.00 CNY
        Cr  advance    2203  678,000.00 CNY

    2026-03-02  JV-2026-000004  RC-2026-00001
        Dr  advance     2203  678,000.00 CNY
        Cr  receivable  1122  678,000.00 CNY
"""


def test_adopted_order_midchain(world: World) -> None:
    shelf, chen, zhao = stocked(world), world.as_("陈静"), world.as_("赵敏")
    account, buyer = bank_account(world), customer(world, "苏州精工机械有限公司")
    line = shelf.line("HC-500", "3", price="339000.00", price_basis="inclusive", tax_percent="13", unit="台")
    amounts = {"net": "900000.00", "tax": "117000.00", "gross": "1017000.00"}
    done = {"delivered_quantity": "1", "invoiced_quantity": "1", "invoiced_gross": "339000.00"}
    body = {
        "reason": "上线切换", "cut_over_on": "2026-02-28", "state": "confirmed", "number": "HC-2025-0117",
        "customer": buyer["id"], "confirmed_on": "2025-11-20", "owner": world.id_of("王磊"),
        **amounts, "lines": [{**line, **amounts, **done}],
    }  # fmt: skip
    world.as_("王磊").post("orders/adopt", body, status=403)
    zhao.post("orders/adopt", {**body, "state": "completed"}, status=422)
    zhao.post("orders/adopt", {name: value for name, value in body.items() if name != "reason"}, status=422)
    with world.step("order.adopted"):
        order = zhao.post("orders/adopt", body, status=201)
    assert (order["number"], order["state"], order["adopted"]) == ("HC-2025-0117", "confirmed", True)
    assert (order["gross"], order["invoiced_gross"]) == ("1017000.00", "339000.00")

    with world.step("invoice.created"):
        draft = chen.post("invoices", {"order": order["id"], "owner": world.id_of("王磊")}, status=201)
    assert (draft["net"], draft["tax"], draft["gross"]) == ("600000.00", "78000.00", "678000.00")
    with world.step(
        "invoice.issue", "order.set_invoiced", "order.complete", "journal_entry.created", "period.created"
    ):
        invoice = chen.post(f"invoices/{draft['id']}/issue")
    order = chen.get(f"orders/{order['id']}")
    assert (order["state"], order["invoiced_gross"]) == ("completed", "1017000.00")
    chen.post("invoices", {"order": order["id"]}, status=409)  # nothing is left

    receipt = claimed(world, received(world, "678000.00", account), buyer)
    allocated(world, receipt, (invoice, "678000.00"), settles=1)
    the_books_are(world, BOOKS)
