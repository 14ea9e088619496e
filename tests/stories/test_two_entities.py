"""两个公司主体: 华辰装备 sells the machine, 华辰工程 installs it; each has its own numbers, money and books."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.books.text import ledger_text, same_ledger
from tests.stories.road import (
    allocated,
    bank_account,
    billed,
    claimed,
    confirmed,
    ordered,
    received,
    wrong_in_books,
)
from tests.stories.shelf import customer, stocked

if TYPE_CHECKING:
    from tests.world import World

BOOKS = """
    2026-03-02  JV-HC-2026-000001  HC  INV-HC-2026-00001
        Dr  receivable    1122    339,000.00 CNY
        Cr  revenue       6001    300,000.00 CNY
        Cr  deferred_vat  222110   39,000.00 CNY

    2026-03-02  JV-HG-2026-000001  HG  INV-HG-2026-00001
        Dr  receivable    1122    109,000.00 CNY
        Cr  revenue       6001    100,000.00 CNY
        Cr  deferred_vat  222110    9,000.00 CNY

    2026-03-02  JV-HC-2026-000002  HC  RC-HC-2026-00001
        Dr  bank       1002  448,000.00 CNY
        Cr  unclaimed  2241  448,000.00 CNY

    2026-03-02  JV-HC-2026-000003  HC  RC-HC-2026-00001
        Dr  unclaimed  2241  448,000.00 CNY
        Cr  advance    2203  448,000.00 CNY

    2026-03-02  JV-HC-2026-000004  HC  RC-HC-2026-00001
        Dr  advance     2203  339,000.00 CNY
        Cr  receivable  1122  339,000.00 CNY

    2026-03-02  JV-HG-2026-000002  HG  RC-HG-2026-00001
        Dr  bank       1002  109,000.00 CNY
        Cr  unclaimed  2241  109,000.00 CNY

    2026-03-02  JV-HG-2026-000003  HG  RC-HG-2026-00001
        Dr  unclaimed  2241  109,000.00 CNY
        Cr  advance    2203  109,000.00 CNY

    2026-03-02  JV-HG-2026-000004  HG  RC-HG-2026-00001
        Dr  advance     2203  109,000.00 CNY
        Cr  receivable  1122  109,000.00 CNY
"""


def test_two_entities(world: World) -> None:
    shelf, chen = stocked(world), world.as_("陈静")
    with world.step("entity.created", "posting_policy.created"):
        body = {"name": "华辰工程有限公司", "code": "HG", "position": 2}
        works = world.as_("赵敏").post("entities", body, status=201)
    makers, buyer = str(world.entity.id), customer(world, "苏州精工机械有限公司")
    of_makers = bank_account(world)
    of_works = bank_account(world, "6222000033334444", entity=works["id"], holder=works["name"])

    machine = ordered(world, buyer, [shelf.line("HC-500")])
    fitting = ordered(world, buyer, [shelf.line("INST")], entity=works["id"])
    assert [order["number"] for order in (machine, fitting)] == ["SO-HC-2026-00001", "SO-HG-2026-00001"]
    first = billed(world, machine, first=True)
    second = billed(world, fitting, first=True)
    assert [one["number"] for one in (first, second)] == ["INV-HC-2026-00001", "INV-HG-2026-00001"]
    assert (first["entity"]["id"], second["entity"]["id"]) == (makers, works["id"])

    money = claimed(world, received(world, "448000.00", of_makers), buyer)
    splits = [
        {"invoice": first["id"], "amount": "339000.00"},
        {"invoice": second["id"], "amount": "109000.00"},
    ]
    refused = chen.post(f"receipts/{money['id']}/allocate", {"splits": splits}, status=409)
    assert (
        refused["code"] == "invoice_of_other_entity"
    )  # one company's money does not pay the other's invoice
    money = allocated(world, money, (first, "339000.00"), settles=1)
    assert (money["number"], money["open"]) == ("RC-HC-2026-00001", "109000.00")
    own = confirmed(world, received(world, "109000.00", of_works, customer=buyer["id"]))
    own = allocated(world, own, (second, "109000.00"), settles=1)
    assert own["number"] == "RC-HG-2026-00001"

    only_his_company(
        world, works["id"], hidden=machine["id"], shown=fitting["id"], shelf_line=shelf.line("INST")
    )
    same_ledger(ledger_text(world.tenant), BOOKS)
    alone = ledger_text(world.tenant, entity=world.entity.id), ledger_text(world.tenant, entity=works["id"])
    assert [text.count("JV-HC-") for text in alone] == [4, 0]
    assert [text.count("JV-HG-") for text in alone] == [0, 4]
    assert wrong_in_books(world) == []


def only_his_company(
    world: World, works: str, *, hidden: str, shown: str, shelf_line: dict[str, str]
) -> None:
    """刘洋 works for 华辰工程 alone: the other company's documents do not exist for him."""
    zhao = world.as_("赵敏")
    user = zhao.get(f"users/{world.id_of('刘洋')}")
    with world.step("user.changed"):
        zhao.patch(f"users/{user['id']}", {"entity_ids": [works], "version": user["version"]})
    zhao.patch(f"users/{user['id']}", {"entity_ids": [hidden], "version": user["version"] + 1}, status=422)
    liu = world.as_("刘洋")
    liu.get(f"orders/{hidden}", status=404)
    assert [order["id"] for order in liu.list("orders")] == [shown]
    assert liu.get(f"orders/{shown}")["entity"]["id"] == works
