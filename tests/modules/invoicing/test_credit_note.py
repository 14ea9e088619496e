"""Credit notes: copied amounts, the last takes the rest; never a negative open amount; billing again by choice."""

from __future__ import annotations

from decimal import Decimal

from tests.modules.invoicing.trade import Trade, figures, line


def test_a_full_credit_of_an_unpaid_invoice_mirrors_it(trade: Trade) -> None:
    invoice = trade.invoice("113.00")
    note = trade.credit(invoice)
    assert figures(note, "number", "net", "tax", "gross", "applied", "excess") == (
        "CN-2026-00001", "100.00", "13.00", "113.00", "113.00", "0.00",
    )  # fmt: skip
    assert trade.entries(note) == [{"revenue": "100", "deferred_vat": "13", "receivable": "-113"}]
    invoice = trade.read("invoices", invoice)
    assert figures(invoice, "state", "credited", "open") == ("credited", "113.00", "0.00")
    for role in ("receivable", "revenue", "deferred_vat"):
        assert trade.books(role) == "0"


def test_credits_in_parts_take_the_whole_to_the_fen(trade: Trade) -> None:
    invoice = trade.invoice(lines=[line("33.3366666667", "3")])
    of = invoice["lines"][0]["id"]
    notes = [trade.credit(invoice, {"invoice_line": of, "quantity": "1"}) for _ in range(3)]
    for name in ("net", "tax", "gross"):
        assert sum(Decimal(note[name]) for note in notes) == Decimal(invoice[name])
    assert trade.read("invoices", invoice)["state"] == "credited"
    refused = trade.finance.post("credit_notes", {"invoice": invoice["id"], "reason": "return"}, status=409)
    assert refused["code"] == "nothing_to_credit"


def test_a_credit_by_amount_and_one_too_large(trade: Trade) -> None:
    invoice = trade.invoice("100.00")
    of = invoice["lines"][0]["id"]
    note = trade.credit(invoice, {"invoice_line": of, "amount": "30.00"}, reason="price")
    assert figures(note, "net", "tax", "gross") == ("26.55", "3.45", "30.00")
    assert figures(trade.read("invoices", invoice), "state", "open") == ("issued", "70.00")
    body = {"invoice": invoice["id"], "reason": "price", "lines": [{"invoice_line": of, "amount": "70.01"}]}
    assert trade.finance.post("credit_notes", body, status=409)["code"] == "more_than_left"


def test_a_credit_after_payment_is_an_advance_to_use_again(trade: Trade) -> None:
    invoice, receipt = trade.invoice("113.00"), trade.receipt("100.00", to="confirmed")
    trade.allocate(receipt, (invoice, "100.00"))
    note = trade.credit(invoice)
    assert figures(note, "applied", "excess") == ("13.00", "100.00")
    assert trade.entries(note) == [
        {"revenue": "100", "deferred_vat": "13", "receivable": "-13", "advance": "-100"}
    ]
    assert figures(trade.read("invoices", invoice), "state", "credited", "settled", "open") == (
        "settled", "13.00", "100.00", "0.00",
    )  # fmt: skip
    (kept,) = [row for row in trade.finance.list("receipts") if row["instrument"] == "credit"]
    assert figures(kept, "state", "amount", "open") == ("confirmed", "100.00", "100.00")
    other = trade.invoice("50.00")
    trade.allocate(kept, (other, "50.00"))
    assert trade.read("invoices", other)["state"] == "settled"
    assert trade.books("advance") == "-50"


def test_billing_again_is_asked(trade: Trade) -> None:
    order = trade.order(line("113.00", "3"))
    invoice = trade.issue(trade.draft_of(order))
    of = invoice["lines"][0]["id"]
    trade.credit(invoice, {"invoice_line": of, "quantity": "1"}, rebill=False)
    assert trade.bill(order, status=409)["code"] == "nothing_to_bill"
    trade.credit(invoice, {"invoice_line": of, "quantity": "1"}, rebill=True)
    order = trade.read("orders", order)
    assert figures(order, "state", "invoiced_gross") == ("confirmed", "226.00")
    again = trade.issue(trade.bill(order))
    assert figures(again, "gross", "number") == ("113.00", "INV-2026-00002")
    assert trade.read("orders", order)["state"] == "completed"
    assert trade.books("receivable") == "226"


def test_only_an_issued_invoice_is_credited(trade: Trade) -> None:
    draft = trade.draft_of(trade.order())
    body = {"invoice": draft["id"], "reason": "return"}
    assert trade.finance.post("credit_notes", body, status=409)["code"] == "invoice_not_issued"
    trade.sales.post("credit_notes", body, status=403)


def test_racing_credits_take_the_invoice_once(trade: Trade) -> None:
    invoice = trade.invoice("113.00")
    body = {"invoice": invoice["id"], "reason": "return"}
    notes = [trade.finance.post("credit_notes", body) for _ in range(8)]
    codes = trade.race(
        lambda at: trade.finance_again().call(
            "POST", f"credit_notes/{notes[at]['id']}/issue", {"rebill": False}
        ),
        8,
    )
    assert sorted(codes) == [200] + [409] * 7
    assert trade.books("receivable") == "0"
