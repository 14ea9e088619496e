"""Tax of lines, documents and stacks, by the tables of docs/algorithms/tax.md."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guantong.base.errors import Invalid
from guantong.base.tax import LineAmounts, TaxedAmount, TaxRate, derived_price, line_amounts, split_tax
from guantong.base.tax_document import document_totals
from guantong.base.tax_stack import StackedTax, net_of, stack_taxes
from tests.base.tables import all_rows

CENT = Decimal("0.01")


def optional(text: str) -> Decimal | None:
    """Read a cell that may be empty."""
    return Decimal(text) if text else None


def entered(
    amount: str, *, basis: str = "exclusive", percent: str = "13", method: str = "general"
) -> LineAmounts:
    """Make a line of quantity 1."""
    rate = TaxRate(Decimal(percent), method)
    return line_amounts(Decimal(1), price=Decimal(amount), basis=basis, rate=rate, currency="CNY")


@all_rows("tax", "lines")
def test_lines(row: dict[str, str]) -> None:
    line = line_amounts(
        Decimal(row["quantity"]),
        price=Decimal(row["price"]),
        basis=row["basis"],
        rate=TaxRate(Decimal(row["rate"])),
        currency=row["currency"],
        discount_percent=optional(row["discount %"]),
        discount_amount=optional(row["discount"]),
    )
    figures = [line.listed, line.discount, line.taxed.net, line.taxed.tax, line.taxed.gross]
    assert [str(figure) for figure in figures] == [
        row[name] for name in ("listed", "off", "net", "tax", "gross")
    ]
    assert line.listed - line.discount == line.entered


@all_rows("tax", "derived")
def test_derived_prices(row: dict[str, str]) -> None:
    price = derived_price(Decimal(row["net"]), quantity=Decimal(row["quantity"]), places=int(row["places"]))
    assert str(price) == row["price"]


def test_the_million_pieces_of_business_row_23() -> None:
    line = line_amounts(
        Decimal(1_000_000),
        price=Decimal("0.05"),
        basis="inclusive",
        rate=TaxRate(Decimal(13)),
        currency="CNY",
    )
    assert line.taxed == TaxedAmount(Decimal("44247.79"), Decimal("5752.21"), Decimal("50000.00"), "CNY")
    assert Decimal("0.044248") * 1_000_000 == Decimal("44248")  # what a six-place net price would make of it


@all_rows("tax", "documents")
def test_documents(row: dict[str, str]) -> None:
    lines = [entered(text, basis=row["basis"], percent=row["rate"]) for text in row["line amounts"].split()]
    done = document_totals(
        lines,
        currency="CNY",
        rounding=row["strategy"],
        discount_percent=optional(row["discount %"]),
        discount_amount=optional(row["discount"]),
    )
    assert [str(done.total.net), str(done.total.tax), str(done.total.gross)] == [
        row[name] for name in ("net", "tax", "gross")
    ]
    assert " ".join(str(line.tax) for line in done.lines) == row["line taxes"]


def _stacked(text: str, place: int) -> StackedTax:
    amount, *words = text.replace("%", " percent").replace("/unit", " per_unit").split()
    kinds = [word for word in words if word in ("fixed", "per_unit", "division")]
    return StackedTax(
        f"t{place}", kinds[0] if kinds else "percent", Decimal(amount), "included" in words, "adds" in words
    )


@all_rows("tax", "stacks")
def test_stacks(row: dict[str, str]) -> None:
    taxes = [_stacked(text, place) for place, text in enumerate(row["taxes in order"].split(" , "))]
    done = stack_taxes(Decimal(row["entered"]), taxes=taxes, unit=CENT, quantity=Decimal(row["quantity"]))
    assert str(done.net) == row["net"]
    assert " ".join(str(tax.tax) for tax in done.taxes) == row["amounts"]
    assert str(done.gross) == row["gross"]
    if not any(tax.is_included for tax in taxes):
        assert net_of(done.gross, taxes=taxes, unit=CENT, quantity=Decimal(row["quantity"])) == done.net


def test_unbalanced_amounts_cannot_be_built() -> None:
    with pytest.raises(Invalid, match="tax_unbalanced"):
        TaxedAmount(Decimal("88.50"), Decimal("11.50"), Decimal("100.01"), "CNY")
    with pytest.raises(Invalid, match="amount_not_decimal"):
        TaxedAmount(88, 12, 100, "CNY")  # type: ignore[arg-type]
    with pytest.raises(Invalid, match="currency_mismatch"):
        TaxedAmount.zero("CNY") + TaxedAmount.zero("USD")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"basis": "both"}, "price_basis_unknown"),
        ({"currency": "DEM"}, "currency_unknown"),
        ({"mode": "nearest"}, "rounding_mode_unknown"),
        ({"price": 0.1}, "amount_not_decimal"),
        ({"discount_percent": Decimal("100.01")}, "discount_percent_range"),
        ({"discount_percent": Decimal(-1)}, "discount_percent_range"),
        ({"discount_amount": Decimal("0.001")}, "discount_not_rounded"),
        ({"discount_amount": Decimal("100.01")}, "discount_exceeds_line"),
        ({"discount_amount": Decimal("-0.01")}, "discount_exceeds_line"),
        ({"discount_amount": Decimal("60"), "discount_percent": Decimal(50)}, "discount_exceeds_line"),
    ],
)
def test_lines_refuse(change: dict[str, object], code: str) -> None:
    arguments = {"price": Decimal(100), "basis": "inclusive", "rate": TaxRate(Decimal(13)), "currency": "CNY"}
    with pytest.raises(Invalid, match=code):
        line_amounts(Decimal(1), **{**arguments, **change})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("percent", "method", "code"),
    [
        ("-100", "general", "tax_rate_too_low"),
        ("13", "vat", "tax_method_unknown"),
        ("13", "exempt", "tax_rate_not_zero"),
    ],
)
def test_rates_refuse(percent: str, method: str, code: str) -> None:
    with pytest.raises(Invalid, match=code):
        TaxRate(Decimal(percent), method)


def test_documents_refuse() -> None:
    with pytest.raises(Invalid, match="rounding_strategy_unknown"):
        document_totals([entered("1.00")], currency="CNY", rounding="global")
    with pytest.raises(Invalid, match="currency_mismatch"):
        document_totals([entered("1.00")], currency="USD")
    with pytest.raises(Invalid, match="discount_exceeds_line"):
        document_totals([entered("1.00")], currency="CNY", discount_amount=Decimal("1.01"))


def test_an_empty_document_is_zero() -> None:
    done = document_totals([], currency="KWD", rounding="document", discount_percent=Decimal(10))
    assert (done.lines, done.breakdown, str(done.total.gross)) == ((), (), "0.000")


def test_the_breakdown_keeps_methods_apart() -> None:
    lines = [
        entered("100.00", percent="3"),
        entered("100.00", percent="3", method="simple"),
        entered("1.00", percent="3.00"),
    ]
    done = document_totals(lines, currency="CNY")
    assert [(row.rate.method, str(row.taxed.net)) for row in done.breakdown] == [
        ("general", "101.00"),
        ("simple", "100.00"),
    ]


cents = st.integers(-(10**9), 10**9).map(lambda count: Decimal(count).scaleb(-2))


@given(cents, st.integers(0, 99), st.sampled_from(["inclusive", "exclusive"]))
def test_a_credit_note_mirrors_its_invoice(amount: Decimal, percent: int, basis: str) -> None:
    rate = TaxRate(Decimal(percent))
    there = split_tax(amount, basis=basis, rate=rate, currency="CNY")
    back = split_tax(-amount, basis=basis, rate=rate, currency="CNY")
    assert there + back == TaxedAmount.zero("CNY")
    assert -there == back


@given(cents, st.integers(0, 99))
def test_net_and_gross_lead_to_each_other(net: Decimal, percent: int) -> None:
    rate = TaxRate(Decimal(percent))
    there = split_tax(net, basis="exclusive", rate=rate, currency="CNY")
    assert split_tax(there.gross, basis="inclusive", rate=rate, currency="CNY") == there


def test_dated_taxes_need_a_day() -> None:
    day = date(2026, 4, 1)
    tax = StackedTax("vat", "percent", Decimal(13), starts=day, ends=day + timedelta(days=2))
    sums = [
        stack_taxes(Decimal(100), taxes=[tax], unit=CENT, on=day + timedelta(days=step)).gross
        for step in range(-1, 4)
    ]
    assert sums == [100, 113, 113, 113, 100]
    with pytest.raises(Invalid, match="tax_date_missing"):
        stack_taxes(Decimal(100), taxes=[tax], unit=CENT)
    with pytest.raises(Invalid, match="tax_kind_unknown"):
        StackedTax("vat", "share", Decimal(13))
    with pytest.raises(Invalid, match="tax_rate_range"):
        StackedTax("vat", "division", Decimal(100))


def test_long_products_are_not_cut_to_28_digits() -> None:
    millionths, tenthousandths = 49_999_999 + 10**14, 1 + 10**14
    line = line_amounts(
        Decimal(millionths).scaleb(-6),
        price=Decimal(tenthousandths).scaleb(-4),
        basis="exclusive",
        rate=TaxRate(Decimal(0)),
        currency="CNY",
    )
    cents, rest = divmod(millionths * tenthousandths, 10**8)
    assert rest == 49_999_999  # just below half a cent: 28 digits would make it half and round up
    assert line.listed == Decimal(cents).scaleb(-2)


def test_derived_prices_refuse() -> None:
    with pytest.raises(Invalid, match="derived_price_too_coarse"):
        derived_price(Decimal(1), quantity=Decimal(3), places=9)
    with pytest.raises(Invalid, match="quantity_zero"):
        derived_price(Decimal(1), quantity=Decimal(0))
