"""Allocate 核销: one receipt to many invoices and back; never over what is open on either side, whoever races."""

from __future__ import annotations

from decimal import Decimal

from guantong.engine.tenancy.scope import scope
from guantong.modules.collection.allocation import Allocation
from tests.modules.invoicing.trade import SALES, Trade, figures, line


def test_a_receipt_pays_invoices_and_settles_one(trade: Trade) -> None:
    first, second = trade.invoice("300.00"), trade.invoice("400.00")
    receipt = trade.receipt("500.00", to="confirmed")
    after = trade.allocate(receipt, (first, "300.00"), (second, "150.00"))
    assert figures(after, "allocated", "open", "state") == ("450.00", "50.00", "confirmed")
    first, second = trade.read("invoices", first), trade.read("invoices", second)
    assert figures(first, "state", "settled", "open", "settled_on") == (
        "settled",
        "300.00",
        "0.00",
        "2026-03-02",
    )
    assert figures(second, "state", "settled", "open", "settled_on") == ("issued", "150.00", "250.00", None)
    assert trade.entries(receipt)[2:] == [
        {"advance": "150", "receivable": "-150"}
    ]  # the last row of each role
    assert [trade.books(role) for role in ("advance", "receivable")] == ["-50", "250"]
    (allocation,) = trade.allocations(first)
    assert figures(allocation, "state", "kind", "amount", "paid") == ("active", "payment", "300.00", "300.00")
    assert allocation["owner"]["id"] == trade.world.id_of(SALES)


def test_it_is_taken_back_with_the_original_days(trade: Trade) -> None:
    invoice, receipt = trade.invoice("300.00", on="2026-02-01"), trade.receipt("500.00", to="confirmed")
    trade.allocate(receipt, (invoice, "100.00"))
    trade.allocate(receipt, (invoice, "200.00"))
    trade.world.later(days=20)
    one, other = trade.allocations(invoice)
    trade.sales.post(f"allocations/{one['id']}/reverse", {"why": "x"}, status=403)
    taken = trade.finance.post(f"allocations/{one['id']}/reverse", {"why": "wrong invoice"})
    assert figures(taken, "state", "reversed_on", "why") == ("reversed", "2026-03-22", "wrong invoice")
    invoice = trade.read("invoices", invoice)
    assert figures(invoice, "state", "settled", "open", "due_on", "settled_on") == (
        "issued", "200.00", "100.00", "2026-02-01", None,
    )  # fmt: skip
    assert figures(trade.read("receipts", receipt), "allocated", "open") == ("200.00", "300.00")
    assert trade.entries(one) == [{"advance": "-100", "receivable": "100"}]
    trade.finance.post(f"allocations/{one['id']}/reverse", {"why": "again"}, status=409)
    trade.finance.post(f"allocations/{other['id']}/reverse", {"why": "that too"})
    assert [trade.books(role) for role in ("advance", "receivable")] == ["-500", "300"]


def test_the_oldest_due_is_paid_first(trade: Trade) -> None:
    late, early, later = (trade.invoice("100.00", on=on) for on in ("2026-02-20", "2026-01-05", "2026-03-01"))
    receipt = trade.receipt("150.00", to="confirmed")
    trade.finance.post(f"receipts/{receipt['id']}/allocate_oldest")
    assert [trade.read("invoices", i)["open"] for i in (early, late, later)] == ["0.00", "50.00", "100.00"]
    empty = trade.finance.post(f"receipts/{receipt['id']}/allocate_oldest", status=409)
    assert empty["code"] == "nothing_open"


def test_what_is_refused(trade: Trade) -> None:
    invoice, small = trade.invoice("300.00"), trade.invoice("10.00")
    draft, receipt = trade.draft_of(trade.order()), trade.receipt("100.00", to="confirmed")
    claimed = trade.receipt("100.00", to="claimed")
    for splits, code, field in (
        ([(invoice, "100.01")], "more_than_received", "splits.0.amount"),
        ([(small, "10.01")], "more_than_open", "splits.0.amount"),
        ([(small, "10.00"), (small, "0.01")], "invoice_not_open", "splits.1.invoice"),
        ([(invoice, "60.00"), (invoice, "60.00")], "more_than_received", "splits.1.amount"),
        ([(draft, "1.00")], "invoice_not_open", "splits.0.invoice"),
    ):
        assert figures(trade.allocate(receipt, *splits, status=409), "code", "field") == (code, field)
    for splits, code, field in (
        ([], "required", "splits"),
        ([(invoice, "0.00")], "amount_not_positive", "splits.0.amount"),
        ([(invoice, "-1.00")], "amount_not_positive", "splits.0.amount"),
        ([(invoice, "1.00", "2.00")], "paid_differs", "splits.0.paid"),
    ):
        assert figures(trade.allocate(receipt, *splits, status=422), "code", "field") == (code, field)
    assert trade.allocate(claimed, (invoice, "1.00"), status=409)["code"] == "wrong_state"
    refused = trade.allocate(receipt, (invoice, "1.00"), status=422, on="2026-03-01")
    assert refused["code"] == "too_early"
    assert trade.allocations(invoice) == []
    trade.finance.post("allocations", {}, status=403)


def test_another_customers_invoice_needs_it_to_be_the_payer(trade: Trade) -> None:
    stranger = trade.sales.post("customers", {"name": "苏州某建设"})["id"]
    receipt = trade.receipt("100.00", to="confirmed")
    theirs = trade.invoice("100.00", customer=stranger)
    assert trade.allocate(receipt, (theirs, "1.00"), status=409)["code"] == "invoice_of_other_customer"
    paid_by_us = trade.invoice("100.00", customer=stranger, payer=trade.customer)
    trade.allocate(receipt, (paid_by_us, "100.00"))


def test_racing_allocations_spend_a_receipt_once(trade: Trade) -> None:
    """M9: 64 at once, from two receipts to two invoices: no side over its limit, and no deadlock."""
    invoices = [trade.invoice("200.00"), trade.invoice("200.00")]
    receipts = [trade.receipt("150.00", to="confirmed") for _ in range(2)]

    def pay(at: int) -> object:
        order = invoices if at % 3 else invoices[::-1]
        body = {"splits": [{"invoice": invoice["id"], "amount": "5.00"} for invoice in order]}
        return trade.finance_again().call("POST", f"receipts/{receipts[at % 2]['id']}/allocate", body)

    codes = trade.race(pay, 64)
    assert sorted(codes) == [200] * 30 + [409] * 34
    assert [trade.read("receipts", receipt)["open"] for receipt in receipts] == ["0.00", "0.00"]
    assert sum(Decimal(trade.read("invoices", invoice)["open"]) for invoice in invoices) == 100
    assert trade.books("advance") == "0"


def test_racing_receipts_pay_an_invoice_once(trade: Trade) -> None:
    invoice = trade.invoice("100.00")
    receipts = [trade.receipt("100.00", to="confirmed") for _ in range(16)]
    body = {"splits": [{"invoice": invoice["id"], "amount": "30.00"}]}
    codes = trade.race(
        lambda at: trade.finance_again().call("POST", f"receipts/{receipts[at]['id']}/allocate", body), 16
    )
    assert sorted(codes) == [200] * 3 + [409] * 13
    with scope(trade.world.tenant):
        assert Allocation.objects.filter(invoice_id=invoice["id"]).count() == 3


def test_reversing_and_allocating_at_once(trade: Trade) -> None:
    invoice, receipt = trade.invoice("100.00"), trade.receipt("100.00", to="confirmed")
    for _ in range(10):
        trade.allocate(receipt, (invoice, "10.00"))
    made = trade.allocations(invoice)
    body = {"splits": [{"invoice": invoice["id"], "amount": "10.00"}]}

    def work(at: int) -> object:
        caller = trade.finance_again()
        if at % 2:
            return caller.call("POST", f"receipts/{receipt['id']}/allocate", body)
        return caller.call("POST", f"allocations/{made[at // 2]['id']}/reverse", {"why": "race"})

    codes = trade.race(work, 20)
    assert codes[::2] == [200] * 10
    taken = codes[1::2].count(200)
    assert trade.read("invoices", invoice)["open"] == f"{100 - taken * 10}.00"


def test_an_advance_of_the_order_pays_its_invoices(trade: Trade) -> None:
    order = trade.order(line("100.00"))
    receipt = trade.receipt("100.00", to="confirmed")
    parts = [
        trade.issue(trade.bill(order, {"order_line": order["lines"][0]["id"], "amount": amount}))
        for amount in ("30.00", "70.00")
    ]
    trade.allocate(receipt, *((part, part["gross"]) for part in parts))
    assert [trade.read("invoices", part)["state"] for part in parts] == ["settled", "settled"]
    assert trade.books("receivable") == trade.books("advance") == "0"
