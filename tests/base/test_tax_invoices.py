"""10,000 random invoices against an independent oracle (trust.md M6), and the sums of EN 16931 on each."""

from __future__ import annotations

import random
from decimal import Decimal
from typing import Any

import pytest

from guantong.base.currencies import exponent
from guantong.base.rounding import round_to
from guantong.base.tax import LineAmounts, TaxRate, line_amounts
from guantong.base.tax_document import DocumentTotals, document_totals
from tests.base.tax_oracle import Reckoned, invoice, reckon

INVOICES = 10_000
PARTS = 8


def _money(count: int, currency: str) -> Decimal:
    return Decimal(count).scaleb(-exponent(currency))


def _worked(made: dict[str, Any]) -> tuple[list[LineAmounts], DocumentTotals]:
    currency, mode = made["currency"], made["mode"]
    lines = [
        line_amounts(
            Decimal(line["quantity"]),
            price=Decimal(line["price"]),
            basis=line["basis"],
            rate=TaxRate(Decimal(line["rate"][0]), line["rate"][1]),
            currency=currency,
            discount_percent=Decimal(line["percent"]) if line["percent"] else None,
            discount_amount=_money(line["amount"], currency) if line["amount"] else None,
            mode=mode,
        )
        for line in made["lines"]
    ]
    done = document_totals(
        lines,
        currency=currency,
        rounding=made["rounding"],
        discount_percent=Decimal(made["percent"]) if made["percent"] else None,
        discount_amount=_money(made["amount"], currency) if made["amount"] else None,
        mode=mode,
    )
    return lines, done


def _differences(made: dict[str, Any], right: Reckoned, done: DocumentTotals) -> int:
    currency = made["currency"]
    wrong = sum(line.net != _money(net, currency) for line, net in zip(done.lines, right.nets, strict=True))
    wrong += sum(line.tax != _money(tax, currency) for line, tax in zip(done.lines, right.taxes, strict=True))
    wrong += sum(a != _money(b, currency) for a, b in zip(done.discount_shares, right.shares, strict=True))
    wrong += done.discount != _money(right.discount, currency)
    ours = {row.rate: (row.taxed.net, row.taxed.tax) for row in done.breakdown}
    wrong += ours != {
        TaxRate(Decimal(rate[0]), rate[1]): (_money(net, currency), _money(tax, currency))
        for rate, (net, tax) in right.by_rate.items()
    }
    return wrong


def _check_sums(made: dict[str, Any], lines: list[LineAmounts], done: DocumentTotals) -> None:
    """Check BR-CO-10, 13, 14, 15 and 17 in spirit; the document discount is already inside the lines."""
    assert (
        sum(line.net for line in done.lines) == sum(row.taxed.net for row in done.breakdown) == done.total.net
    )
    assert (
        sum(line.tax for line in done.lines) == sum(row.taxed.tax for row in done.breakdown) == done.total.tax
    )
    assert done.total.net + done.total.tax == done.total.gross == sum(line.gross for line in done.lines)
    before = sum(line.entered for line in lines)
    after = sum(
        taxed.gross if line.basis == "inclusive" else taxed.net
        for line, taxed in zip(lines, done.lines, strict=True)
    )
    assert before - done.discount == after
    if made["rounding"] == "document" and all(line.basis == "exclusive" for line in lines):
        for row in done.breakdown:
            product = row.taxed.net * row.rate.percent / 100
            assert row.taxed.tax == round_to(product, exponent(made["currency"]), made["mode"])


@pytest.mark.parametrize("part", range(PARTS))
def test_random_invoices_agree_with_the_oracle(part: int) -> None:
    rng = random.Random(f"guantong {part}")
    mismatches, seen = 0, set()
    for _ in range(INVOICES // PARTS):
        made = invoice(rng)
        right = reckon(made)
        lines, done = _worked(made)
        _check_sums(made, lines, done)
        mismatches += _differences(made, right, done)
        seen.add((made["currency"], made["rounding"]))
    assert mismatches == 0
    assert len(seen) == 10, "every currency with every strategy"
