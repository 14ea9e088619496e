"""Foreign currency: what a receivable and an advance lose in base currency is exact, and nothing is left at the end."""

from __future__ import annotations

import random
from decimal import Decimal

import pytest

from tests.modules.invoicing.trade import Trade, figures, line


def _dollars(trade: Trade, gross: str, **facts: object) -> dict:
    return trade.invoice(currency="USD", lines=[line(gross, percent="0", tax_method="zero")], **facts)


def _nothing_left(trade: Trade, *currencies: str) -> None:
    for role in ("receivable", "advance", "unclaimed"):
        assert [trade.books(role, currency) for currency in ("", *currencies)] == ["0"] * (
            len(currencies) + 1
        ), role
    assert trade.books("clearing") == "0"


def test_the_rate_of_the_day_is_kept(trade: Trade) -> None:
    trade.rate("USD", "7.2000", on="2026-02-01")
    invoice = _dollars(trade, "1000.00")
    trade.rate("USD", "9.9999", on="2026-03-02")
    assert figures(trade.read("invoices", invoice), "rate", "rate_on", "base_gross", "base_currency") == (
        "7.2", "2026-02-01", "7200.00", "CNY",
    )  # fmt: skip
    assert trade.books("receivable", "USD") == "1000"


def test_without_a_rate_nothing_is_issued(trade: Trade) -> None:
    draft = trade.finance.post(
        "invoices", {"customer": trade.customer, "currency": "EUR", "lines": [line("1.00")]}
    )
    assert trade.issue(draft, status=422)["code"] == "no_exchange_rate"


def test_a_gain_in_the_same_currency(trade: Trade) -> None:
    trade.rate("USD", "7.2000", on="2026-01-01")
    invoice = _dollars(trade, "1000.00", on="2026-01-15")
    trade.rate("USD", "7.2500", on="2026-03-02")
    receipt = trade.receipt("1000.00", currency="USD", to="confirmed")
    trade.allocate(receipt, (invoice, "1000.00"))
    assert trade.entries(receipt)[-1] == {
        "advance": "7250", "receivable": "-7200", "exchange_gain_loss": "-50",
    }  # fmt: skip
    _nothing_left(trade, "USD")


def test_a_receipt_in_base_currency_settles_a_foreign_invoice(trade: Trade) -> None:
    trade.rate("USD", "7.2000")
    invoice = _dollars(trade, "1000.00")
    receipt = trade.receipt("7150.00", to="confirmed")
    assert trade.allocate(receipt, (invoice, "1000.00"), status=422)["field"] == "splits.0.paid"
    trade.allocate(receipt, (invoice, "1000.00", "7150.00"))
    (allocation,) = trade.allocations(invoice)
    assert figures(allocation, "kind", "amount", "currency", "paid", "paid_currency", "amount_base", "paid_base") == (
        "settlement", "1000.00", "USD", "7150.00", "CNY", "7200.00", "7150.00",
    )  # fmt: skip
    assert trade.books("exchange_gain_loss") == "50"
    assert [trade.books("clearing", currency) for currency in ("USD", "CNY")] == ["1000", "-7200"]
    _nothing_left(trade, "USD")
    trade.finance.post(f"allocations/{allocation['id']}/reverse", {"why": "wrong"})
    assert [trade.books("clearing", currency) for currency in ("USD", "CNY")] == ["0", "0"]
    assert [trade.books(role) for role in ("exchange_gain_loss", "receivable", "advance")] == [
        "0",
        "7200",
        "-7150",
    ]


def test_a_credit_of_a_foreign_invoice_mirrors_its_rate(trade: Trade) -> None:
    trade.rate("USD", "7.1234")
    invoice = _dollars(trade, "1000.01")
    trade.rate("USD", "8.0000", on="2026-03-02")
    of = invoice["lines"][0]["id"]
    for amount in ("333.33", "333.34", "333.34"):
        trade.credit(invoice, {"invoice_line": of, "amount": amount})
    assert [trade.books(role) for role in ("receivable", "revenue")] == ["0", "0"]
    _nothing_left(trade, "USD")


def test_a_credit_of_a_paid_foreign_invoice_is_an_advance_at_its_rate(trade: Trade) -> None:
    trade.rate("USD", "7.2000", on="2026-01-01")
    invoice = _dollars(trade, "1000.00", on="2026-01-15")
    trade.rate("USD", "7.2500", on="2026-03-02")
    trade.allocate(trade.receipt("600.00", currency="USD", to="confirmed"), (invoice, "600.00"))
    trade.credit(invoice)
    (kept,) = [row for row in trade.finance.list("receipts") if row["instrument"] == "credit"]
    kept = trade.read("receipts", kept)
    assert figures(kept, "amount", "base_amount", "rate") == ("600.00", "4320.00", "7.2")
    trade.finance.post(
        f"receipts/{kept['id']}/refund", {"amount": "600.00", "why": "x", "account": trade.account("USD")}
    )
    _nothing_left(trade, "USD")


@pytest.mark.parametrize("seed", range(4))
def test_opened_paid_in_parts_and_closed_in_three_currencies(trade: Trade, seed: int) -> None:
    """M7: at random rates, in random parts, half of them in base currency, some taken back: no residue anywhere."""
    dice = random.Random(seed)
    for currency in ("USD", "EUR", "JPY"):
        places = 0 if currency == "JPY" else 2
        trade.rate(currency, f"{dice.uniform(0.04, 9):.6f}", on="2026-01-01")
        invoice = _in(trade, currency, f"{dice.uniform(100, 99999):.{places}f}")
        trade.rate(currency, f"{dice.uniform(0.04, 9):.6f}", on="2026-02-15")
        while (opened := Decimal(trade.read("invoices", invoice)["open"])) > 0:
            part = min(opened, Decimal(f"{dice.uniform(1, float(opened) / 2 + 9):.{places}f}"))
            _pay(trade, invoice, currency, part, dice)
            if dice.random() < 0.3:
                last = trade.allocations(trade.read("invoices", invoice))[-1]
                trade.finance.post(f"allocations/{last['id']}/reverse", {"why": "again"})
                paid_by = trade.read("receipts", last["receipt"])
                rest = (last["amount"],) if last["kind"] == "payment" else (last["amount"], last["paid"])
                trade.allocate(paid_by, (invoice, *rest))
        assert trade.read("invoices", invoice)["state"] == "settled"
    _nothing_left(trade, "USD", "EUR", "JPY")


def _in(trade: Trade, currency: str, gross: str) -> dict:
    return trade.invoice(currency=currency, lines=[line(gross)], on="2026-01-20")


def _pay(trade: Trade, invoice: dict, currency: str, part: Decimal, dice: random.Random) -> None:
    if dice.random() < 0.5:
        receipt = trade.receipt(str(part), currency=currency, to="confirmed")
        trade.allocate(receipt, (invoice, str(part)))
    else:
        paid = f"{float(part) * dice.uniform(0.1, 9) + 0.01:.2f}"
        receipt = trade.receipt(paid, to="confirmed")
        trade.allocate(receipt, (invoice, str(part), paid))
