"""The shared payment cases that need records: the same facts through the API, the same outcome.

The cases are taken from the tests of other systems and stay outside this repository (GUANTONG_SHARED_DATA).
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.base.scenarios import SHARED, cases
from tests.modules.invoicing.trade import Trade, line

CASES = {case["id"]: case for case in cases("payments")}
pytestmark = pytest.mark.skipif(not CASES, reason=f"no {SHARED}/scenario-cases: set GUANTONG_SHARED_DATA")


def _case(name: str) -> tuple[dict[str, Any], dict[str, Any]]:
    return CASES[name]["input"], CASES[name]["expected"]


def test_payments_01_in_parts_and_a_small_write_off(trade: Trade) -> None:
    given, expected = _case("payments-01")
    invoice, opened = trade.invoice(given["invoice"]), []
    for payment in given["payments"]:
        amount = payment["amount"] if isinstance(payment, dict) else payment
        trade.allocate(trade.receipt(amount, to="confirmed"), (invoice, amount))
        if isinstance(payment, dict):
            body = {"invoice": invoice["id"], "amount": expected["writeoff"], "reason": "small_difference"}
            made = trade.finance.post("write_offs", body)
            trade.finance.post(f"write_offs/{made['id']}/book")
        opened.append(trade.read("invoices", invoice)["open"])
    assert opened == expected["open_after"]
    assert trade.books("small_difference") == f"{Decimal(expected['writeoff']).normalize():f}"
    assert trade.read("invoices", invoice)["state"] == "settled"  # their word: paid


def test_payments_03_an_overpayment_stays_as_credit(trade: Trade) -> None:
    given, expected = _case("payments-03")
    invoice, receipt = trade.invoice(given["invoice"]), trade.receipt(given["payment"], to="confirmed")
    trade.finance.post(f"receipts/{receipt['id']}/allocate_oldest")
    assert trade.read("invoices", invoice)["state"] == "settled"
    balance = Decimal(trade.books("receivable")) + Decimal(trade.books("advance"))
    assert balance == Decimal(expected["customer_balance"])


def test_payments_05_a_full_credit_of_an_unpaid_invoice(trade: Trade) -> None:
    given, expected = _case("payments-05")
    percent = Decimal(given["invoice"]["tax"]) * 100 / Decimal(given["invoice"]["untaxed"])
    two = [line("120.00", percent="20"), line("120.00", percent="0", tax_method="zero")]
    assert round(percent, 2) == Decimal("9.09"), "theirs is one line taxed and one not"
    invoice = trade.invoice(lines=two)
    assert [invoice[name] for name in ("net", "tax", "gross")] == list(given["invoice"].values())
    note = trade.credit(invoice)
    assert trade.read("invoices", invoice)["state"] == "credited"  # their words: cancelled, and the note paid
    assert (note["applied"], note["excess"]) == (invoice["gross"], "0.00")
    for role, name in (("receivable", "receivable"), ("revenue", "revenue"), ("deferred_vat", "tax")):
        assert Decimal(trade.books(role)) == Decimal(expected[f"{name}_balance"])


def test_payments_19_invoice_and_payment_of_one_customer_meet(trade: Trade) -> None:
    (owed, paid), expected = _case("payments-19")[0]["open_items"], _case("payments-19")[1]
    invoice, receipt = trade.invoice(owed), trade.receipt(paid.removeprefix("-"), to="confirmed")
    trade.finance.post(f"receipts/{receipt['id']}/allocate_oldest")
    is_closed = trade.read("invoices", invoice)["open"] == trade.read("receipts", receipt)["open"] == "0.00"
    assert is_closed == expected["reconciled"]


def test_payments_21_a_payment_out_settles_a_credit_note(trade: Trade) -> None:
    given, _ = _case("payments-21")
    amount = given["credit_note"].removeprefix("-")
    invoice, receipt = trade.invoice(amount), trade.receipt(amount, to="confirmed")
    trade.allocate(receipt, (invoice, amount))
    trade.credit(invoice)
    (kept,) = [row for row in trade.finance.list("receipts") if row["instrument"] == "credit"]
    back = {"amount": given["bank_line"].removeprefix("-"), "why": "credit", "account": trade.account()}
    assert (
        trade.finance.post(f"receipts/{kept['id']}/refund", back)["state"] == "refunded"
    )  # their word: paid
    assert trade.books("bank") == trade.books("advance") == "0"


def test_payments_25_the_second_use_of_an_invoice_is_refused(trade: Trade) -> None:
    given, expected = _case("payments-25")
    invoice = trade.invoice(given["invoice"])
    codes = []
    for amount in given["statements"]:
        receipt = trade.receipt(amount, to="confirmed")
        body = {"splits": [{"invoice": invoice["id"], "amount": amount}]}
        codes.append(trade.finance.call("POST", f"receipts/{receipt['id']}/allocate", body).status_code)
    linked = dict(zip(expected["after_first_validated"], (code == 200 for code in codes), strict=True))
    assert linked == expected["after_first_validated"]


def test_payments_31_an_advance_invoice_made_again(trade: Trade) -> None:
    given, expected = _case("payments-31")
    order = trade.order(line(given["order"]))
    share = Decimal(given["order"]) * Decimal(given["advance"].removesuffix(" %")) / 100
    part = {"order_line": order["lines"][0]["id"], "amount": f"{share:.2f}"}
    trade.finance.post(f"invoices/{trade.bill(order, part)['id']}/cancel")
    advance = trade.issue(trade.bill(order, part))
    trade.allocate(trade.receipt(advance["gross"], to="confirmed"), (advance, advance["gross"]))
    final = trade.issue(trade.bill(order))
    assert (advance["gross"], final["gross"]) == (expected["new_advance"], expected["final_invoice"])


def test_payments_33_an_unpaid_invoice_is_voided_by_a_credit_note(trade: Trade) -> None:
    given, expected = _case("payments-33")
    one = line(given["net"], percent=str(given["tax_percent"]), price_basis="exclusive")
    invoice = trade.invoice(lines=[one])
    assert trade.credit(invoice)["gross"] == expected["credit_note_total"]
    assert trade.read("invoices", invoice)["state"] == "credited"  # their word: voided
