"""Bill an order in parts, by quantity and by amount: sums equal to the fen, never more than was ordered."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.modules.invoicing.trade import Trade, figures, line


def _sum(invoices: list[dict[str, str]], name: str) -> Decimal:
    return sum((Decimal(invoice[name]) for invoice in invoices), start=Decimal(0))


@pytest.mark.parametrize("quantities", [("1", "1", "1"), ("2", "1"), ("0.5", "1.25", "1.25"), ("3",)])
def test_parts_by_quantity_add_up_to_the_fen(trade: Trade, quantities: tuple[str, ...]) -> None:
    order = trade.order(line("33.3366666667", "3"))  # 100.01: three thirds do not exist in fen
    of = order["lines"][0]["id"]
    invoices = [trade.issue(trade.bill(order, {"order_line": of, "quantity": part})) for part in quantities]
    for name in ("net", "tax", "gross"):
        assert _sum(invoices, name) == Decimal(order[name]), name
    assert figures(trade.read("orders", order), "state", "invoiced_gross") == ("completed", "100.01")
    assert trade.books("receivable") == "100.01"


def test_parts_by_amount_add_up_and_the_rest_is_billed_without_being_told(trade: Trade) -> None:
    order = trade.order(line("100.00"))
    of = order["lines"][0]["id"]
    advance = trade.issue(trade.bill(order, {"order_line": of, "amount": "30.00"}))
    assert figures(advance, "net", "tax", "gross") == ("26.55", "3.45", "30.00")
    assert advance["lines"][0]["quantity"] == "0.3"
    rest = trade.issue(trade.bill(order))
    assert figures(rest, "net", "tax", "gross") == ("61.95", "8.05", "70.00")
    assert _sum([advance, rest], "tax") == Decimal(order["tax"])
    assert trade.bill(order, status=409)["code"] == "nothing_to_bill"


def test_the_whole_line_is_copied_with_its_discount(trade: Trade) -> None:
    order = trade.order(line("100.00", "3", discount_percent="5"), discount_amount="0.01")
    (billed,) = trade.issue(trade.draft_of(order))["lines"]
    (ordered,) = order["lines"]
    same = (
        "price",
        "discount_percent",
        "discount",
        "net",
        "tax",
        "gross",
        "tax_percent",
        "description",
        "quantity",
    )
    assert figures(billed, *same) == figures(ordered, *same)
    assert figures(billed, "source_quantity", "source_amount") == ("3", order["gross"])


def test_more_than_ordered_is_refused_at_the_draft_and_at_issue(trade: Trade) -> None:
    order = trade.order(line("113.00", "3"))
    of = order["lines"][0]["id"]
    refused = trade.bill(order, {"order_line": of, "quantity": "4"}, status=409)
    assert figures(refused, "code", "field") == ("more_than_left", "lines.0.quantity")
    refused = trade.bill(order, {"order_line": of, "amount": "339.01"}, status=409)
    assert figures(refused, "code", "field") == ("more_than_left", "lines.0.amount")
    whole, two = trade.draft_of(order), trade.bill(order, {"order_line": of, "quantity": "2"})
    trade.issue(two)
    assert trade.issue(whole, status=409)["code"] == "more_than_left"
    assert trade.books("receivable") == "226"
    assert trade.bill(order)["gross"] == "113.00"


def test_lines_must_be_of_the_order(trade: Trade) -> None:
    order, other = trade.order(), trade.order()
    refused = trade.bill(order, {"order_line": other["lines"][0]["id"]}, status=422)
    assert figures(refused, "code", "field") == ("unknown_line", "lines.0.order_line")


def test_an_order_that_is_not_confirmed_is_not_billed(trade: Trade) -> None:
    order = trade.order(confirm=False)
    assert trade.issue(trade.bill(order), status=409)["code"] == "order_not_open"


def test_an_order_line_and_a_free_line_stand_on_one_invoice(trade: Trade) -> None:
    order = trade.order(line("100.00"))
    draft = trade.bill(order, {"order_line": order["lines"][0]["id"]}, line("11.30"))
    assert trade.issue(draft)["gross"] == "111.30"
    assert trade.read("orders", order)["invoiced_gross"] == "100.00"


def test_racing_drafts_bill_an_order_once(trade: Trade) -> None:
    order = trade.order(line("113.00", "3"))
    drafts = [trade.bill(order) for _ in range(8)]
    codes = trade.race(
        lambda at: trade.finance_again().call("POST", f"invoices/{drafts[at]['id']}/issue", {}), 8
    )
    assert sorted(codes) == [200] + [409] * 7
    assert trade.books("receivable") == "339"
