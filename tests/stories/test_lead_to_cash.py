"""The whole road: a lead becomes a deal, an offer, an order, an invoice and money in the bank.

华辰装备 sells three machines at 339,000.00 (13 %) and their installation at 109,000.00 (9 %), both 含税:
1,126,000.00 gross, 1,000,000.00 net, 126,000.00 tax, of which 9,000.00 at 9 %.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.stories.road import allocated, bank_account, billed, claimed, received, the_books_are
from tests.stories.shelf import stage_called, stocked

if TYPE_CHECKING:
    from tests.world import World

ROAD = ["lead", "opportunity", "quote", "quote_version", "order", "invoice", "receipt", "allocation"]
EDGES = {
    "lead → opportunity", "opportunity → quote", "opportunity → quote_version", "quote → quote_version",
    "opportunity → order", "quote_version → order", "order → invoice", "invoice → allocation",
    "receipt → allocation",
}  # fmt: skip
BOOKS = """
    2026-03-16  JV-2026-000001  INV-2026-00001
        Dr  receivable    1122    1,126,000.00 CNY
        Cr  revenue       6001      100,000.00 CNY
        Cr  revenue       6001      900,000.00 CNY
        Cr  deferred_vat  222110    126,000.00 CNY

    2026-03-20  JV-2026-000002  RC-2026-00001
        Dr  bank       1002  1,126,000.00 CNY
        Cr  unclaimed  2241  1,126,000.00 CNY

    2026-03-20  JV-2026-000003  RC-2026-00001
        Dr  unclaimed  2241  1,126,000.00 CNY
        Cr  advance    2203  1,126,000.00 CNY

    2026-03-20  JV-2026-000004  RC-2026-00001
        Dr  advance     2203  1,126,000.00 CNY
        Cr  receivable  1122  1,126,000.00 CNY
"""


def test_lead_to_cash(world: World) -> None:
    shelf = stocked(world)
    account = bank_account(world)
    wang = world.as_("王磊")

    deal = won_over(world)
    world.later(days=2)
    version = offered(world, deal, [shelf.line("HC-500", "3"), shelf.line("INST")])
    assert (version["net"], version["tax"], version["gross"]) == ("1000000.00", "126000.00", "1126000.00")

    world.later(days=5)
    with world.step("quote_version.accept", "quote.accept", "order.created"):
        version = wang.post(f"quote_versions/{version['id']}/accept", {"on": "2026-03-09"})
    (order,) = wang.list("orders")
    assert (
        order["state"] == "draft"
        and order["gross"] == version["gross"]
        and order["number"] == "SO-2026-00001"
    )
    with world.step("order.confirm", "invoice.created"):
        order = wang.post(f"orders/{order['id']}/confirm")

    world.later(days=7)
    invoice = billed(world, order, first=True)
    assert (invoice["number"], invoice["due_on"], invoice["open"]) == (
        "INV-2026-00001",
        "2026-03-16",
        "1126000.00",
    )

    world.later(days=4)
    receipt = received(
        world, "1126000.00", account, payer_name="苏州精工机械有限公司", bank_reference="20260320-7"
    )
    assert receipt["number"] == "RC-2026-00001" and receipt["customer"] is None
    receipt = claimed(world, receipt, deal["customer"])
    receipt = allocated(world, receipt, (invoice, "1126000.00"), settles=1)
    assert (receipt["open"], receipt["allocated"]) == ("0.00", "1126000.00")
    invoice = wang.get(f"invoices/{invoice['id']}")
    assert (invoice["state"], invoice["open"], invoice["settled_on"]) == ("settled", "0.00", "2026-03-20")

    the_chain_is_whole(world, invoice)
    as_it_was(world, invoice)
    the_books_are(world, BOOKS)


def won_over(world: World) -> dict[str, Any]:
    """Lead, qualified, converted and moved to the offer."""
    wang = world.as_("王磊")
    with world.step("lead.created"):
        body = {
            "company": "苏州精工机械有限公司", "contact_name": "钱进", "mobile": "13812345678",
            "lead_source": "展会", "need": "三台数控机床及安装",
        }  # fmt: skip
        lead = wang.post("leads", body, status=201)
    with world.step("lead.qualify"):
        wang.post(f"leads/{lead['id']}/qualify")
    with world.step("lead.convert", "customer.created", "contact.created", "opportunity.created"):
        body = {"amount": "1100000.00", "close_on": "2026-03-31"}
        lead = wang.post(f"leads/{lead['id']}/convert", body)
    with world.step("opportunity.advance"):
        deal = wang.post(
            f"opportunities/{lead['opportunity']['id']}/advance", {"to": stage_called(world, "报价")}
        )
    assert deal["probability"] == "60" and deal["customer"]["id"] == lead["customer"]["id"]
    return deal


def offered(world: World, deal: dict[str, Any], lines: list[dict[str, Any]]) -> dict[str, Any]:
    """A quote for the deal with one version, sent."""
    wang = world.as_("王磊")
    with world.step("quote.created"):
        quote = wang.post("quotes", {"opportunity": deal["id"]}, status=201)
    with world.step("quote_version.created", "quote.start_version"):
        body = {"quote": quote["id"], "lines": lines, "valid_until": "2026-03-31"}
        version = wang.post("quote_versions", body, status=201)
    with world.step("quote_version.send"):
        version = wang.post(f"quote_versions/{version['id']}/send")
    wang.patch(f"quote_versions/{version['id']}", {"intro": "…", "version": version["version"]}, status=409)
    return version


def the_chain_is_whole(world: World, invoice: dict[str, Any]) -> None:
    """From any document the whole road is seen, and by a stranger nothing."""
    seen = world.as_("王磊").get(f"invoices/{invoice['id']}/chain")
    assert sorted({node["object"] for node in seen["nodes"]} & set(ROAD)) == sorted(ROAD)
    edges = {f"{edge['from']['object']} → {edge['to']['object']}" for edge in seen["edges"]}
    assert {edge for edge in edges if "journal" not in edge} == EDGES
    by_lines = [edge for edge in seen["edges"] if edge.get("amount")]
    assert [(edge["amount"], edge["quantity"]) for edge in by_lines] == [("1126000.00", "4")] * 2
    for node in (node for node in seen["nodes"] if node["object"] in ROAD):
        from_here = world.as_("王磊").get(f"{node['plural']}/{node['id']}/chain")
        assert set(ROAD) <= {other["object"] for other in from_here["nodes"]}, node["object"]
    world.as_("周涛").get(f"invoices/{invoice['id']}/chain", status=404)


def as_it_was(world: World, invoice: dict[str, Any]) -> None:
    """The invoice as known on the day before the money came."""
    path = f"invoices/{invoice['id']}/history"
    assert world.as_("陈静").get(path, as_of="2026-03-12")["state"] == "draft"
    then = world.as_("陈静").get(path, as_of="2026-03-19")
    assert (then["state"], then["open"]) == ("issued", "1126000.00")
    assert world.as_("陈静").get(path, as_of="2026-03-20")["state"] == "settled"
    world.as_("陈静").get(path, as_of="2026-03-01", status=404)
