"""Offers: amounts of every kind of line, currency and basis; versions; frozen once sent; exactly one yes."""

from __future__ import annotations

from collections import Counter
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError

from guantong.engine.tenancy.scope import scope
from guantong.modules.quoting.quote_line import QuoteLine
from guantong.modules.quoting.quote_version import QuoteVersion
from tests.modules.selling import OPERATIONS, OUTSIDER, SERVICE, Market, at_once


def test_a_version_takes_the_parties_of_its_folder(market: Market) -> None:
    customer, user = market.customer("总包"), market.customer("业主")
    quote = market.quote(customer, end_user=user["id"], currency="USD", customer_ref="PO-7")
    version = market.version(quote, [])
    assert (version["customer"]["id"], version["end_user"]["id"]) == (customer["id"], user["id"])
    assert (version["currency"], version["customer_ref"], version["payer"]["id"]) == (
        "USD",
        "PO-7",
        customer["id"],
    )
    assert version["number"] == f"{quote['number']}-V1"
    stranger = {"quote": quote["id"], "customer": user["id"]}
    assert market.sales.post("quote_versions", stranger, status=422)["code"] == "other_customer"


def test_a_quote_for_a_deal_takes_customer_and_currency_from_it(market: Market) -> None:
    deal = market.deal(market.customer(), currency="JPY")
    quote = market.sales.post("quotes", {"opportunity": deal["id"]})
    assert (quote["customer"]["id"], quote["currency"], quote["name"]) == (
        deal["customer"]["id"],
        "JPY",
        "三台机床",
    )
    assert market.version(quote, [])["opportunity"]["id"] == deal["id"]
    assert market.sales.post("quotes", {"name": "无主"}, status=422)["field"] == "customer"


def test_all_kinds_of_lines_and_discounts(market: Market) -> None:
    machine, service = market.machine["id"], market.service["id"]
    lines = [
        {"product": machine, "quantity": "3", "discount_percent": "10"},
        {"product": service, "quantity": "1", "discount_amount": "9000.00"},
        *(
            {"product": machine, "quantity": "1", "kind": kind}
            for kind in ("gift", "sample", "loan", "replacement")
        ),
    ]
    version = market.version(market.quote(market.customer()), lines, discount_amount="15300.00")
    # 3 × 339,000 − 10 % = 915,300; 109,000 − 9,000 = 100,000; − 15,300 over both by weight; the rest is free
    assert version["gross"] == "1000000.00"
    assert version["list_total"] == str(Decimal("1017000.00") + 109000 + 4 * 339000)
    assert version["discount_total"] == str(Decimal(version["list_total"]) - 1000000)
    rows = version["lines"]
    assert [row["gross"] for row in rows[2:]] == ["0.00"] * 4
    assert sum(Decimal(row["gross"]) for row in rows) == Decimal("1000000.00")
    assert (rows[0]["gross"], rows[1]["gross"]) == ("901506.94", "98493.06")
    for name in ("net", "tax", "gross"):
        assert sum(Decimal(row[name]) for row in rows) == Decimal(version[name])


@pytest.mark.parametrize(
    ("currency", "basis", "price", "expected"),
    [
        ("CNY", "inclusive", "0.05", ("44247.79", "5752.21", "50000.00")),  # business.md 2, row 23
        ("CNY", "exclusive", "0.05", ("50000.00", "6500.00", "56500.00")),
        ("USD", "inclusive", "0.0333333333", ("29498.52", "3834.81", "33333.33")),
        ("JPY", "exclusive", "0.05", ("50000", "6500", "56500")),
        ("JPY", "inclusive", "0.123", ("108850", "14150", "123000")),
    ],
)
def test_the_entered_side_is_the_truth(
    market: Market, currency: str, basis: str, price: str, expected: tuple[str, str, str]
) -> None:
    line = {
        "description": "螺丝",
        "quantity": "1000000",
        "price": price,
        "price_basis": basis,
        "tax_percent": "13",
    }
    version = market.version(market.quote(market.customer(), currency=currency), [line])
    assert (version["net"], version["tax"], version["gross"]) == expected


def test_a_line_without_product_needs_price_and_rate(market: Market) -> None:
    body = {"quote": market.quote(market.customer())["id"], "lines": [{"description": "?", "price": "1.00"}]}
    assert market.sales.post("quote_versions", body, status=422)["field"] == "lines.0.price"


def test_margin_is_net_less_cost_for_those_who_may_see_it(market: Market) -> None:
    version = market.version(market.quote(market.customer()))
    assert not {"margin", "margin_percent"} & set(version)
    assert all("unit_cost" not in line for line in version["lines"])
    seen = market.manager.get(f"quote_versions/{version['id']}")
    assert (seen["margin"], seen["margin_percent"], seen["lines"][0]["unit_cost"]) == (
        "300000.00",
        "33.33",
        "200000",
    )
    hidden = {"field": "margin", "op": "gt", "value": "1.00"}
    market.sales.get("quote_versions", filter=hidden, status=422)
    market.sales.post(
        "quote_versions", {"quote": version["quote"]["id"], "lines": [{"unit_cost": "1"}]}, status=422
    )
    unknown = market.product("U1", list_price="10.00")
    more = [{"product": market.machine["id"]}, {"product": unknown["id"]}]
    other = market.version(market.quote(market.customer()), more)
    assert market.manager.get(f"quote_versions/{other['id']}")["margin"] is None


def test_an_edited_draft_is_worked_out_again(market: Market) -> None:
    version = market.version(market.quote(market.customer()))
    path, line = f"quote_versions/{version['id']}", version_line(market, version)
    less = market.sales.patch(path, {"version": 1, "discount_percent": "10"})
    assert (less["gross"], less["discount_total"]) == ("915300.00", "101700.00")
    row = {"id": line["id"], "quantity": "1"}
    assert market.sales.patch(path, {"version": 2, "lines": [row]})["gross"] == "305100.00"
    words = market.sales.patch(path, {"version": 3, "intro": "尊敬的"})
    assert words["gross"] == "305100.00"


def version_line(market: Market, version: Any) -> Any:
    return market.sales.get(f"quote_versions/{version['id']}")["lines"][0]


def test_a_sent_version_is_frozen(market: Market) -> None:
    version = market.sent(market.quote(market.customer()))
    path = f"quote_versions/{version['id']}"
    with market.world.unchanged("a frozen version"):
        change = {"version": version["version"], "discount_percent": "50"}
        assert market.sales.patch(path, change, status=409)["code"] == "wrong_state"
        market.manager.patch(path, {**change, "lines": []}, status=409)
        market.sales.delete(path, status=409)


@pytest.mark.parametrize(
    "attack",
    [
        lambda id: QuoteVersion.objects.filter(id=id).update(gross=1),
        lambda id: QuoteVersion.objects.filter(id=id).update(valid_until=date(2030, 1, 1)),
        lambda id: QuoteLine.objects.filter(header_id=id).update(price=1),
        lambda id: QuoteLine.objects.filter(header_id=id).delete(),
    ],
)
def test_the_database_refuses_too(market: Market, attack: Any) -> None:
    draft = market.version(market.quote(market.customer()))
    sent = market.sent(market.quote(market.customer()))
    with scope(market.world.tenant):
        attack(draft["id"])
    with pytest.raises(DatabaseError, match="frozen"), scope(market.world.tenant):
        attack(sent["id"])


def test_sending(market: Market) -> None:
    quote = market.quote(market.customer())
    empty = market.version(quote, [])
    problem = market.sales.post(f"quote_versions/{empty['id']}/send", status=422)
    assert (problem["code"], problem["field"]) == ("needed", "lines")
    full = market.version(quote)
    past = market.sales.post(f"quote_versions/{full['id']}/send", {"valid_until": "2026-03-01"}, status=422)
    assert past["code"] == "date_past"
    sent = market.sales.post(f"quote_versions/{full['id']}/send", {"valid_until": "2026-03-31"})
    assert (sent["state"], sent["sent_on"], sent["valid_until"]) == ("sent", "2026-03-02", "2026-03-31")
    market.world.later(days=40)
    late = market.sales.post(f"quote_versions/{full['id']}/accept", status=409)
    assert late["code"] == "offer_lapsed"
    assert (
        market.sales.post(f"quote_versions/{full['id']}/accept", {"on": "2026-03-31"})["state"] == "accepted"
    )


def test_revise_copies_by_value(market: Market) -> None:
    first = market.sent(market.quote(market.customer()), discount_percent="7.5", intro="您好")
    market.operations.patch(
        f"products/{market.machine['id']}", {"list_price": "1.00", "version": market.machine["version"]}
    )
    revised = market.sales.post(f"quote_versions/{first['id']}/revise")
    assert revised["state"] == "sent"
    second = market.manager.get(f"quote_versions/{revised['revised_as']['id']}")
    first = market.manager.get(f"quote_versions/{first['id']}")
    assert (second["state"], second["version_no"], second["number"][-3:]) == ("draft", 2, "-V2")
    same = ("net", "tax", "gross", "margin", "list_total", "discount_total", "intro", "customer", "owner")
    assert {name: second[name] for name in same} == {name: first[name] for name in same}
    (old,), (new,) = first["lines"], second["lines"]
    for name in ("price", "net", "tax", "gross", "discount", "unit_cost"):
        assert new[name] == old[name]
    assert (new["source_line"], new["source_quantity"], new["source_amount"]) == (
        old["id"],
        "3",
        old["gross"],
    )


def test_what_stands_is_copied_even_where_it_would_come_out_otherwise(market: Market) -> None:
    draft = market.version(market.quote(market.customer()))
    odd = {"net": Decimal("899999.99"), "gross": Decimal("1016999.99")}  # as if worked out by an older rule
    with scope(market.world.tenant):
        QuoteVersion.objects.filter(id=draft["id"]).update(**odd)
        QuoteLine.objects.filter(header_id=draft["id"]).update(**odd)
    sent = market.sales.post(f"quote_versions/{draft['id']}/send")
    revised = market.sales.post(f"quote_versions/{sent['id']}/revise")["revised_as"]["id"]
    market.sales.post(f"quote_versions/{sent['id']}/accept")
    order = market.sales.get(f"orders/{market.sales.list('orders')[0]['id']}")
    for copy in (sent, market.sales.get(f"quote_versions/{revised}"), order):
        assert (copy["net"], copy["gross"]) == ("899999.99", "1016999.99")
        assert all(line["gross"] == "1016999.99" for line in copy.get("lines", []))


def test_a_deleted_draft_gives_its_number_back(market: Market) -> None:
    quote = market.quote(market.customer())
    first, second = market.version(quote), market.version(quote)
    market.sales.delete(f"quote_versions/{first['id']}")
    market.sales.delete(f"quote_versions/{second['id']}")
    event = market.world.events_of(second)[-1]
    assert market.manager.post(f"/undo/{event.id}")["number"] == second["number"]
    assert market.version(quote)["version_no"] == 3


def test_a_yes_closes_the_folder_and_the_other_offers(market: Market) -> None:
    quote = market.quote(market.customer())
    offers = [market.sent(quote) for _ in range(3)]
    draft = market.version(quote)
    taken = market.sales.post(f"quote_versions/{offers[1]['id']}/accept", {"on": "2026-03-01"})
    assert (taken["state"], taken["accepted_on"]) == ("accepted", "2026-03-01")
    states = Counter(v["state"] for v in market.sales.list("quote_versions"))
    assert states == {"accepted": 1, "superseded": 2, "draft": 1}
    assert market.sales.get(f"quotes/{quote['id']}")["state"] == "accepted"
    refused = market.sales.post(f"quote_versions/{draft['id']}/revise", status=409)
    assert refused["code"] == "wrong_state"


def test_sixteen_yeses_at_once(market: Market) -> None:
    quote = market.quote(market.customer())
    offers = [market.sent(quote) for _ in range(16)]

    def accept(id: str) -> Any:
        return lambda: market.world.as_("王磊").call("POST", f"quote_versions/{id}/accept", {}).status_code

    assert Counter(at_once(market.world, *(accept(offer["id"]) for offer in offers))) == {200: 1, 409: 15}
    market.world.settle()
    states = Counter(v["state"] for v in market.sales.list("quote_versions"))
    assert states == {"accepted": 1, "superseded": 15}
    assert len(market.sales.list("orders")) == 1


def test_versions_begun_at_once_have_their_own_numbers(market: Market) -> None:
    quote = market.quote(market.customer())
    body = {"quote": quote["id"], "lines": []}

    def begin() -> Any:
        return market.world.as_("王磊").call("POST", "quote_versions", body).status_code

    assert at_once(market.world, *[begin] * 8) == [201] * 8
    assert sorted(v["version_no"] for v in market.sales.list("quote_versions")) == list(range(1, 9))


@pytest.mark.parametrize(("won_at", "state"), [("sign", "open"), ("award", "open"), ("accept", "won")])
def test_when_the_deal_is_won_is_the_tenants_policy(market: Market, won_at: str, state: str) -> None:
    pipeline = market.sales.list("pipelines")[0]
    market.manager.patch(f"pipelines/{pipeline['id']}", {"won_at": won_at, "version": pipeline["version"]})
    deal = market.deal(market.customer())
    version = market.sent(market.sales.post("quotes", {"opportunity": deal["id"]}))
    market.sales.post(f"quote_versions/{version['id']}/accept", {"on": "2026-03-01"})
    deal = market.sales.get(f"opportunities/{deal['id']}")
    assert deal["state"] == state
    if state == "won":
        assert (deal["amount"], deal["close_on"]) == ("1017000.00", "2026-03-01")


def test_a_folder_changes_hands_with_its_versions(market: Market) -> None:
    quote = market.quote(market.customer())
    draft = market.version(quote)
    path, other = f"quote_versions/{draft['id']}", market.world.as_(OUTSIDER)
    other.get(path, status=404)
    market.manager.post(f"quotes/{quote['id']}/assign", {"to": market.world.id_of(OUTSIDER)})
    assert other.get(path)["owner"]["label"] == OUTSIDER
    market.sales.get(path, status=404)


def test_who_reads_offers(market: Market) -> None:
    version = market.sent(market.quote(market.customer()))
    path = f"quote_versions/{version['id']}"
    for name in (OPERATIONS, SERVICE, "陈静"):
        market.world.as_(name).get(path)
        market.world.as_(name).post(f"{path}/accept", status=403)
    market.world.as_("路人").get(path, status=404)
