"""Two companies use one installation with the same names, codes and keys; nothing of one is there for the other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.books.text import ledger_text, same_ledger
from tests.stories.road import allocated, bank_account, billed, claimed, ordered, received, wrong_in_books
from tests.stories.shelf import Shelf, customer, stocked

if TYPE_CHECKING:
    from tests.world import World

Made = dict[str, dict[str, Any]]
BOOKS = """
    2026-03-02  JV-2026-000001  INV-2026-00001
        Dr  receivable    1122    339,000.00 CNY
        Cr  revenue       6001    300,000.00 CNY
        Cr  deferred_vat  222110   39,000.00 CNY

    2026-03-02  JV-2026-000002  RC-2026-00001
        Dr  bank       1002  339,000.00 CNY
        Cr  unclaimed  2241  339,000.00 CNY

    2026-03-02  JV-2026-000003  RC-2026-00001
        Dr  unclaimed  2241  339,000.00 CNY
        Cr  advance    2203  339,000.00 CNY

    2026-03-02  JV-2026-000004  RC-2026-00001
        Dr  advance     2203  339,000.00 CNY
        Cr  receivable  1122  339,000.00 CNY
"""


def test_two_tenants(world: World) -> None:
    here, there = whole_road(world), whole_road(world.other)
    for name in here[1]:
        assert here[1][name]["id"] != there[1][name]["id"]
        assert here[1][name].get("number") == there[1][name].get("number"), f"{name} counts for itself"
    nothing_crosses(world, here[1], there[1])
    links_do_not_cross(world, here[0], there[1])
    for one in (world, world.other):
        same_ledger(ledger_text(one.tenant), BOOKS)
        assert wrong_in_books(one) == []


def whole_road(world: World) -> tuple[Shelf, Made]:
    """The same order, bill and money in either organization, under the same keys."""
    shelf = stocked(world)
    account = bank_account(world)
    buyer = customer(world, "苏州精工机械有限公司", external_ref="ERP-1")
    with world.step("lead.created"):
        lead = world.as_("王磊").post("leads", {"company": "同一个名字"}, status=201, key="the-same-key")
    again = world.as_("王磊").post("leads", {"company": "同一个名字"}, status=201, key="the-same-key")
    assert again["id"] == lead["id"], "a key is kept, in its own organization"
    order = ordered(world, buyer, [shelf.line("HC-500")])
    invoice = billed(world, order, first=True)
    receipt = claimed(world, received(world, "339000.00", account, bank_reference="SAME"), buyer)
    receipt = allocated(world, receipt, (invoice, "339000.00"), settles=1)
    made = {"leads": lead, "customers": buyer, "orders": order, "invoices": invoice, "receipts": receipt}
    return shelf, made


def nothing_crosses(world: World, here: Made, there: Made) -> None:
    """Reading, listing, writing, verbs, history, chain and undo: 404, and no row moves."""
    with world.unchanged("looking over the fence"):
        for name in ("王磊", "陈静", "赵敏", "孙审"):
            me = world.as_(name)
            for plural, record in there.items():
                path = f"{plural}/{record['id']}"
                for part in ("", "/events", "/chain", "/history?as_of=2026-03-02"):
                    me.get(path + part, status=404)
                me.patch(path, {"version": record["version"]}, status=404)
                me.delete(path, status=404)
                assert record["id"] not in {item["id"] for item in me.list(plural)}
            me.post(f"orders/{there['orders']['id']}/hold", {"why": "x"}, status=404)
            me.post(f"receipts/{there['receipts']['id']}/refund", {"amount": "1.00", "why": "x"}, status=404)
            event = world.other.events_of(there["leads"])[0]
            me.post(f"/undo/{event.id}", status=404)
    assert len(world.as_("赵敏").list("customers")) == 1 and here["customers"]["external_ref"] == "ERP-1"


def links_do_not_cross(world: World, shelf: Shelf, there: Made) -> None:
    """A record of another organization cannot be named in a link, an argument or a line."""
    wang, chen = world.as_("王磊"), world.as_("陈静")
    theirs = there["customers"]["id"]
    with world.unchanged("naming what is not ours"):
        wang.post("opportunities", {"name": "x", "customer": theirs}, status=422)
        wang.post("orders", {"customer": theirs, "lines": [shelf.line("BOX")]}, status=422)
        product = world.other.as_("王磊").list("products")[0]["id"]
        (ours,) = wang.list("customers")
        wang.post(
            "orders", {"customer": ours["id"], "lines": [{"product": product, "quantity": "1"}]}, status=422
        )
        wang.post(f"customers/{ours['id']}/assign", {"to": world.other.id_of("李娜")}, status=422)
        (receipt,) = chen.list("receipts")
        splits = [{"invoice": there["invoices"]["id"], "amount": "1.00"}]
        chen.post(f"receipts/{receipt['id']}/allocate", {"splits": splits}, status=422)
