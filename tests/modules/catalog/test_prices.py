"""Which price and tax rate a line gets: tiers, days, books for all and for one, currencies, bases."""

from __future__ import annotations

from typing import Any

import pytest

from tests.modules.selling import Market


def priced(market: Market, customer: Any, **line: Any) -> Any:
    facts = {name: line.pop(name) for name in ("currency",) if name in line}
    return market.order(customer, [{"product": market.machine["id"], **line}], **facts)["lines"][0]


def test_without_a_book_the_list_price_and_the_dated_rate(market: Market) -> None:
    line = priced(market, market.customer(), quantity="2")
    assert {k: line[k] for k in ("price", "price_basis", "tax_percent", "unit", "gross", "net", "tax")} == {
        "price": "339000", "price_basis": "inclusive", "tax_percent": "13", "unit": "台",
        "gross": "678000.00", "net": "600000.00", "tax": "78000.00",
    }  # fmt: skip


def test_the_rate_is_that_of_the_day(market: Market) -> None:
    market.finance.post("tax_classes", {"name": "n", "code": "N", "rates": [
        {"valid_from": "2026-04-01", "percent": "11"}]})  # fmt: skip
    late = market.product(
        "L1", tax_class=market.finance.list("tax_classes", sort="-id")[0]["id"], list_price="1.00"
    )
    line = [{"product": late["id"]}]
    problem = market.sales.post("orders", {"customer": market.customer()["id"], "lines": line}, status=422)
    assert (problem["code"], problem["field"]) == ("no_tax_rate", "lines.0.product")
    market.world.later(days=40)
    assert market.order(market.customer(), line)["lines"][0]["tax_percent"] == "11"


@pytest.mark.parametrize(
    ("quantity", "price"), [("1", "330000"), ("4.9", "330000"), ("5", "320000"), ("50", "310000")]
)
def test_the_largest_tier_that_the_quantity_reaches(market: Market, quantity: str, price: str) -> None:
    tiers = [
        (market.machine, "1", "330000.00"),
        (market.machine, "5", "320000.00"),
        (market.machine, "10", "310000.00"),
    ]
    market.book(tiers)
    assert priced(market, market.customer(), quantity=quantity)["price"] == price


def test_the_customers_own_book_then_the_newest_valid_one(market: Market) -> None:
    customer, other = market.customer("甲"), market.customer("乙")
    market.book([(market.machine, "1", "330000.00")], valid_from="2026-01-01")
    market.book([(market.machine, "1", "325000.00")], valid_from="2026-02-01")
    market.book([(market.machine, "1", "1.00")], valid_from="2026-02-10", valid_to="2026-03-01")  # over
    market.book([(market.machine, "1", "2.00")], valid_from="2026-03-03")  # not yet
    market.book([(market.machine, "1", "3.00")], currency="USD")  # another currency
    market.book([(market.machine, "1", "300000.00")], customer=customer["id"], price_basis="exclusive")
    own, general = priced(market, customer), priced(market, other)
    assert (own["price"], own["price_basis"], own["gross"]) == ("300000", "exclusive", "339000.00")
    assert (general["price"], general["price_basis"]) == ("325000", "inclusive")


def test_a_retired_book_is_not_used(market: Market) -> None:
    book = market.book([(market.machine, "1", "1.00")])
    market.manager.post(f"price_books/{book['id']}/retire")
    assert priced(market, market.customer())["price"] == "339000"


def test_what_was_entered_stays(market: Market) -> None:
    market.book([(market.machine, "1", "330000.00")])
    entered = priced(market, market.customer(), price="100.00", price_basis="exclusive", tax_percent="6")
    assert (entered["net"], entered["tax"], entered["gross"]) == ("100.00", "6.00", "106.00")
    of_the_house = priced(market, market.customer(), price="113.00")
    assert (of_the_house["price_basis"], of_the_house["net"]) == ("inclusive", "100.00")


def test_no_price_in_that_currency(market: Market) -> None:
    body = {
        "customer": market.customer()["id"],
        "currency": "USD",
        "lines": [{"product": market.machine["id"]}],
    }
    problem = market.sales.post("orders", body, status=422)
    assert (problem["code"], problem["field"]) == ("no_price", "lines.0.price")


def test_what_is_no_longer_sold(market: Market) -> None:
    market.operations.post(f"products/{market.machine['id']}/retire")
    body = {"customer": market.customer()["id"], "lines": [{"product": market.machine["id"]}]}
    assert market.sales.post("orders", body, status=422)["code"] == "product_retired"


def test_wrong_books(market: Market) -> None:
    tier = {"product": market.machine["id"], "from_quantity": "1", "price": "1.00"}
    book = {"name": "b", "valid_from": "2026-01-01", "tiers": [tier]}
    post = market.manager.post
    assert post("price_books", {**book, "tiers": [tier, tier]}, status=422)["code"] == "tier_twice"
    assert post("price_books", {**book, "valid_to": "2025-12-31"}, status=422)["code"] == "ends_before_start"
    negative = {**tier, "price": "-1.00"}
    assert post("price_books", {**book, "tiers": [negative]}, status=422)["code"] == "negative"
    market.sales.post("price_books", book, status=403)


def test_cost_is_for_those_who_may_see_it(market: Market) -> None:
    path = f"products/{market.machine['id']}"
    assert "cost" not in market.sales.get(path)
    assert market.manager.get(path)["cost"] == "200000"
    assert market.sales.get("products", filter={"field": "cost", "op": "gt", "value": "1"}, status=422)
