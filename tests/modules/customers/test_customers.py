"""Customers and what belongs to them: names, credit, people who leave, bank accounts, rights."""

from __future__ import annotations

from tests.modules.selling import FINANCE, OUTSIDER, Market
from tests.world import World


def test_a_new_registered_name_keeps_the_old_one(market: Market) -> None:
    customer = market.customer("苏州旧名")
    renamed = market.sales.post(
        f"customers/{customer['id']}/rename", {"name": "苏州新名", "on": "2026-03-01"}
    )
    assert renamed["name"] == "苏州新名"
    assert renamed["former_names"] == [{"name": "苏州旧名", "until": "2026-03-01"}]


def test_wrong_facts_are_named(market: Market) -> None:
    code = market.sales.post("customers", {"name": "甲", "credit_code": "91350100M000100Y44"}, status=422)
    assert code["field"] == "credit_code"
    customer = market.customer()
    above = {"parent": customer["id"], "version": customer["version"]}
    assert market.sales.patch(f"customers/{customer['id']}", above, status=422)["code"] == "circular"
    low = market.finance.post(f"customers/{customer['id']}/set_credit", {"limit": "-1.00"}, status=422)
    assert (low["code"], low["field"]) == ("negative", "credit_limit")


def test_who_may(market: Market, world: World) -> None:
    customer = market.customer()
    path = f"customers/{customer['id']}"
    world.as_(OUTSIDER).get(path, status=404)
    assert world.as_(FINANCE).get(path)["name"] == "苏州精工"
    market.sales.post(f"{path}/set_credit", {"limit": "1.00"}, status=403)
    market.sales.post(f"{path}/block", {"why": "逾期"}, status=403)
    assert market.finance.post(f"{path}/block", {"why": "逾期"})["state"] == "blocked"
    market.sales.post("bank_accounts", {}, status=403)


def test_a_bank_account_belongs_to_one_side(market: Market) -> None:
    account = {"holder": "苏州精工", "account_number": "6222020000000001", "bank": "工行"}
    customer = market.customer()["id"]
    ours = market.finance.list("entities")[0]["id"]
    assert market.finance.post("bank_accounts", {**account, "customer": customer})["entity"] is None
    both = {**account, "account_number": "6222020000000002", "customer": customer, "entity": ours}
    assert market.finance.post("bank_accounts", both, status=422)["code"] == "one_side"
    assert market.finance.post("bank_accounts", account | {"currency": "USD"})["entity"]["id"] == ours
    twice = market.finance.post("bank_accounts", {**account, "entity": ours}, status=409)
    assert twice["code"] == "not_unique"


def test_people_leave_and_turn_up_elsewhere(market: Market) -> None:
    old, new = market.customer("甲"), market.customer("乙")
    person = market.sales.post("contacts", {"name": "张三", "customer": old["id"]})
    left = market.sales.post(f"contacts/{person['id']}/leave", {"on": "2026-02-01"})
    assert (left["state"], left["left_on"]) == ("left", "2026-02-01")
    move = {"customer": new["id"], "on": "2026-03-01"}
    moved = market.sales.post(f"contacts/{person['id']}/move_to", move)
    assert (moved["state"], moved["customer"]["id"], moved["left_on"]) == ("active", new["id"], None)
    assert moved["history"] == [{"customer": old["id"], "until": "2026-02-01"}]


def test_a_payment_term_covers_the_whole_price(market: Market) -> None:
    part = {"share": "percent_of_total", "percent": "30", "anchor": "signed"}
    market.finance.post("payment_terms", {"name": "三成", "parts": [part]}, status=422)
    rest = {"share": "remainder", "anchor": "received", "days": 30}
    term = market.finance.post("payment_terms", {"name": "三七", "parts": [part, rest]})
    customer = market.customer(payment_term=term["id"])
    assert market.quote(customer)["payment_term"]["id"] == term["id"]
