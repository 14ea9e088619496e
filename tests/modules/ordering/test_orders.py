"""Orders: drafted from an accepted offer to the fen, carried out, billed, held, cancelled."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from guantong.base.errors import Problem
from guantong.engine.door.drain import run_due
from guantong.engine.events.event import Outbox
from guantong.engine.tenancy.scope import scope
from guantong.modules.ordering.order import Order, Progress
from tests.modules.selling import FINANCE, Market

AMOUNTS = (
    "quantity",
    "price",
    "price_basis",
    "tax_percent",
    "discount",
    "net",
    "tax",
    "gross",
    "kind",
    "description",
)


def drafted(market: Market, version: Any) -> Any:
    market.sales.post(f"quote_versions/{version['id']}/accept")
    (order,) = market.sales.list("orders")
    return market.sales.get(f"orders/{order['id']}")


def offer(market: Market, **facts: Any) -> Any:
    lines = [
        {"product": market.machine["id"], "quantity": "3", "discount_percent": "3.33"},
        {"product": market.service["id"], "quantity": "0.7"},
        {"product": market.machine["id"], "quantity": "1", "kind": "gift"},
    ]
    return market.sent(market.quote(market.customer()), lines, discount_percent="1.7", **facts)


@pytest.mark.parametrize("rounding", ["line", "document"])
def test_an_accepted_offer_is_copied_to_the_fen(market: Market, rounding: str) -> None:
    version = offer(market, rounding=rounding)
    version = market.sales.get(f"quote_versions/{version['id']}")
    market.manager.patch(f"products/{market.machine['id']}", {"list_price": "1.00", "version": 1})
    order = drafted(market, version)
    for name in (
        "net",
        "tax",
        "gross",
        "currency",
        "customer",
        "payer",
        "end_user",
        "rounding",
        "discount_percent",
    ):
        assert order[name] == version[name], name
    assert order["quote_version"]["id"] == version["id"] and order["state"] == "draft"
    assert len(order["lines"]) == 3
    for mine, theirs in zip(order["lines"], version["lines"], strict=True):
        assert {name: mine[name] for name in AMOUNTS} == {name: theirs[name] for name in AMOUNTS}
        assert mine["source_object"] == "quote_version" and mine["source_line"] == theirs["id"]
        assert (mine["source_quantity"], mine["source_amount"]) == (theirs["quantity"], theirs["gross"])
    noted = market.sales.patch(f"orders/{order['id']}", {"note": "急", "version": order["version"]})
    assert noted["gross"] == version["gross"]


def test_the_reaction_may_run_twice(market: Market) -> None:
    version = offer(market)
    drafted(market, version)
    event = next(e for e in market.world.events_of(version) if e.verb == "accept")
    with scope(market.world.tenant):
        Outbox.objects.bulk_create(
            [Outbox(tenant=market.world.tenant, event=event.id, reaction="ordering.draft_order")]
        )
    assert run_due(market.world.tenant, [(event.id, "ordering.draft_order")]) == 0
    assert len(market.sales.list("orders")) == 1 and market.world.outbox() == []


def test_what_confirming_needs(market: Market) -> None:
    empty = market.order(market.customer(), [])
    problem = market.operations.post(f"orders/{empty['id']}/confirm", status=422)
    assert (problem["code"], problem["field"]) == ("needed", "lines")
    customer = market.customer("冻结")
    order = market.order(customer)
    market.finance.post(f"customers/{customer['id']}/block", {"why": "逾期"})
    assert market.operations.post(f"orders/{order['id']}/confirm", status=409)["code"] == "customer_closed"


def test_a_confirmed_order_is_not_edited(market: Market) -> None:
    order = market.confirmed(market.customer(), requested_on="2026-05-01")
    assert (order["state"], order["confirmed_on"]) == ("confirmed", "2026-03-02")
    change = {"lines": [], "version": order["version"]}
    assert market.operations.patch(f"orders/{order['id']}", change, status=409)["code"] == "wrong_state"


def progress(market: Market, order: Any, verb: str, *rows: tuple[int, str, str]) -> None:
    """Do what a delivery or an invoice does: tell the locked order how far its lines are."""
    with market.world.house() as unit:
        (locked,) = unit.lock(Order, [UUID(order["id"])])
        told = [Progress(line=locked.lines[n].id, quantity=Decimal(q), gross=Decimal(g)) for n, q, g in rows]
        getattr(locked, verb)(told)


def test_billing_all_completes_and_giving_back_resumes(market: Market) -> None:
    lines = [{"product": market.machine["id"], "quantity": "2"}, {"product": market.service["id"]},
             {"product": market.machine["id"], "kind": "gift"}]  # fmt: skip
    order = market.confirmed(market.customer(), lines)
    path, version = f"orders/{order['id']}", order["version"]
    progress(market, order, "set_delivered", (0, "2", "0"))
    progress(market, order, "set_invoiced", (0, "1", "339000.00"))
    half = market.sales.get(path)
    assert (half["state"], half["invoiced_gross"], half["version"]) == ("confirmed", "339000.00", version)
    assert [line["delivered_quantity"] for line in half["lines"]] == ["2", "0", "0"]
    progress(market, order, "set_invoiced", (0, "2", "678000.00"), (1, "1", "109000.00"))
    done = market.sales.get(path)
    assert (done["state"], done["invoiced_gross"]) == ("completed", "787000.00")
    progress(market, order, "set_invoiced", (0, "1", "339000.00"))
    assert market.sales.get(path)["state"] == "confirmed"
    verbs = [event.verb for event in market.world.events_of(order)]
    assert verbs[-4:] == ["set_invoiced", "complete", "set_invoiced", "resume"]


@pytest.mark.parametrize(
    ("verb", "row", "code"),
    [
        ("set_delivered", (0, "2", "0"), "over_delivered"),
        ("set_delivered", (0, "-1", "0"), "over_delivered"),
        ("set_invoiced", (0, "2", "0"), "over_invoiced"),
        ("set_invoiced", (0, "1", "339000.01"), "over_invoiced"),
    ],
)
def test_never_more_than_was_ordered(market: Market, verb: str, row: Any, code: str) -> None:
    order = market.confirmed(market.customer())
    with market.world.unchanged(), pytest.raises(Problem, match=code):
        progress(market, order, verb, row)


def test_cancelling(market: Market) -> None:
    clean, billed, shipped = (market.confirmed(market.customer(name)) for name in "甲乙丙")
    progress(market, billed, "set_invoiced", (0, "0.5", "169500.00"))
    progress(market, shipped, "set_delivered", (0, "1", "0"))
    why = {"why": "客户撤单"}
    assert market.sales.post(f"orders/{clean['id']}/cancel", why)["state"] == "cancelled"
    assert market.sales.post(f"orders/{billed['id']}/cancel", why, status=409)["code"] == "already_billed"
    assert market.sales.post(f"orders/{shipped['id']}/cancel", why, status=409)["code"] == "already_delivered"
    assert market.sales.post(f"orders/{billed['id']}/cancel", {}, status=422)["field"] == "why"


def test_hold_and_release(market: Market) -> None:
    order = market.confirmed(market.customer())
    path = f"orders/{order['id']}"
    market.sales.post(f"{path}/hold", {"why": "图纸"}, status=403)
    held = market.world.as_(FINANCE).post(f"{path}/hold", {"why": "图纸"})
    assert (held["state"], held["why"]) == ("held", "图纸")
    assert market.operations.post(f"{path}/release")["state"] == "confirmed"


def test_taking_over_a_running_order(market: Market) -> None:
    body = {
        "customer": market.customer()["id"], "state": "confirmed", "number": "OLD-7",
        "reason": "上线", "cut_over_on": "2026-03-01",
        "lines": [{"product": market.machine["id"], "quantity": "2", "invoiced_quantity": "1",
                   "invoiced_gross": "339000.00", "delivered_quantity": "1"}],
    }  # fmt: skip
    market.operations.post("orders/adopt", body, status=403)
    order = market.world.as_("赵敏").post("orders/adopt", body)
    assert (order["number"], order["gross"], order["invoiced_gross"]) == ("OLD-7", "678000.00", "339000.00")
    assert (order["state"], order["adopted"]) == ("confirmed", True)
