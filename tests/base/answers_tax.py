"""Our answers to the scenario cases of tax-rounding and fx, worked out from each case's own input."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from guantong.base.errors import Invalid
from guantong.base.money import Money, convert, round_for_cash, round_to_unit
from guantong.base.open_items import settle
from guantong.base.proration import prorate, true_up
from guantong.base.tax import LineAmounts, TaxRate, line_amounts, split_tax
from guantong.base.tax_document import DocumentTotals, document_totals
from guantong.base.tax_stack import StackedTax, net_of, stack_taxes

Input = dict[str, Any]
CENT = Decimal("0.01")
DAY = date(2026, 1, 15)


def dec(value: Any) -> Decimal:
    """Read a figure of a case."""
    return Decimal(str(value))


def _line(price: Any, percent: Any, *, qty: Any = 1, basis: str = "exclusive", **more: Any) -> LineAmounts:
    return line_amounts(
        dec(qty), price=dec(price), basis=basis, rate=TaxRate(dec(percent)), currency="EUR", **more
    )


def _total(lines: list[LineAmounts], rounding: str = "line") -> DocumentTotals:
    return document_totals(lines, currency="EUR", rounding=rounding)


def same_rate(case: Input) -> Input:
    """Lines of one rate, rounded as the case says."""
    mode = case.get("mode", "half_up").replace("-", "_")
    lines = [
        _line(row["price"], case["tax_percent"], qty=row["qty"], mode=mode)
        for row in case["lines"]
        for _ in range(row.get("repeat", 1))
    ]
    done = _total(lines, case.get("rounding", "line")).total
    if "rounding" not in case:
        return {"untaxed": done.net, "tax_base": done.net, "total": done.gross}
    return {"base": done.net, "tax": done.tax}


def two_taxes(case: Input) -> Input:
    """Several equal taxes on one price."""
    taxes = [StackedTax(str(place), "percent", dec(percent)) for place, percent in enumerate(case["taxes"])]
    done = stack_taxes(dec(case["price"]), taxes=taxes, unit=CENT)
    return {"base": done.net, "taxes": [tax.tax for tax in done.taxes]}


def _stacked(row: Input, place: int) -> StackedTax:
    def day(name: str) -> date | None:
        return DAY + timedelta(days=int(row[name].strip("+d"))) if name in row else None

    names = {
        "percent": "percent",
        "fixed_per_unit": "per_unit",
        "fixed": "fixed",
        "division_percent": "division",
    }
    (name,) = names.keys() & row.keys()
    return StackedTax(
        str(place),
        names[name],
        dec(row[name]),
        is_included=row.get("included", False),
        adds_to_base=row.get("adds_to_base", False),
        starts=day("start"),
        ends=day("end"),
    )


def _stack(case: Input, key: str = "taxes", on: date | None = None) -> Any:
    taxes = [_stacked(row, place) for place, row in enumerate(case[key])]
    quantity = dec(case.get("qty", 1))
    return stack_taxes(dec(case["price"]) * quantity, taxes=taxes, unit=CENT, quantity=quantity, on=on)


def per_unit(case: Input) -> Input:
    """A percentage and a fixed tax per unit."""
    done = _stack(case)
    return {"base": done.net, "taxes": [tax.tax for tax in done.taxes]}


def dated(case: Input) -> Input:
    """Taxes on days inside and outside their dates."""
    days = {"today": 0, "+1d": 1, "+5d": 5, "+6d": 6}
    return {
        name: [tax.tax for tax in _stack(case, on=DAY + timedelta(days=step)).taxes]
        for name, step in days.items()
    }


def in_order(case: Input) -> Input:
    """Tax on tax, and back from the gross."""
    done = _stack(case, "taxes_in_order")
    taxes = [_stacked(row, place) for place, row in enumerate(case["taxes_in_order"])]
    reverse = net_of(done.gross, taxes=taxes, unit=CENT)
    return {
        "taxes": [tax.tax for tax in done.taxes],
        "gross": done.gross,
        f"reverse_of_{done.gross.normalize()}": reverse,
    }


def one_line(case: Input) -> Input:
    """One amount, with or without tax inside, in any smallest unit."""
    unit = dec(case.get("unit", "0.01"))
    basis, price = ("inclusive", case["price_incl"]) if "price_incl" in case else ("exclusive", case["net"])
    taxed = _line(price, case["tax_percent"], basis=basis, unit=unit).taxed
    if basis == "inclusive":
        return {"net": taxed.net, "tax": taxed.tax}
    return {"tax": taxed.tax, "total": taxed.gross}


def stack_total(case: Input) -> Input:
    """Included, division and fixed taxes with the total."""
    done = _stack(case)
    answer = {"taxes": [tax.tax for tax in done.taxes], "total": done.gross}
    return {"net": done.net, **answer} if any(row.get("included") for row in case["taxes"]) else answer


def base_of_two_lines(case: Input) -> Input:
    """An included tax that enters the base of the next, summed over lines."""
    sums: dict[str, list[Decimal]] = {}
    for row in case["lines"]:
        first = StackedTax(
            str(row["percent"]), "percent", dec(row["percent"]), "price_incl" in row, "adds_to_base" in row
        )
        then = (
            [StackedTax(str(row["then_percent"]), "percent", dec(row["then_percent"]))]
            if "then_percent" in row
            else []
        )
        for tax in stack_taxes(
            dec(row.get("price_incl") or row["price"]), taxes=[first, *then], unit=CENT
        ).taxes:
            so_far = sums.setdefault(tax.name, [Decimal(0), Decimal(0)])
            so_far[0] += tax.base
            so_far[1] += tax.tax
    return {name: {"base": base, "tax": tax} for name, (base, tax) in sums.items()}


def on_the_document(case: Input) -> Input:
    """Tax on tax rounded once on the sum of the lines."""
    base = sum(map(dec, case["lines"]))
    first, second, third = case["taxes"]
    taxes = [
        StackedTax("a", "percent", dec(first), adds_to_base=False),
        StackedTax("b", "percent", dec(second)),
    ]
    flat = stack_taxes(base, taxes=taxes, unit=CENT)
    both = stack_taxes(flat.gross, taxes=[StackedTax("c", "percent", dec(third["percent"]))], unit=CENT)
    figures = [*(tax.tax for tax in flat.taxes), both.taxes[0].tax]
    return {"base": base, "taxes": figures, "tax": sum(figures), "total": base + sum(figures)}


def minimum(case: Input) -> Input:
    """A minimum charge."""
    return {"true_up": true_up(dec(case["usage_fee"]), minimum=dec(case["minimum"]))}


def unused_days(case: Input) -> Input:
    """A credit for unused days with its tax."""
    net = prorate(dec(case["net"]), days=case["unused_days"], of_days=case["period_days"], exponent=2)
    taxed = split_tax(net, basis="exclusive", rate=TaxRate(dec(case["tax_percent"])), currency="EUR")
    return {"credit_net": taxed.net, "credit_tax": taxed.tax, "credit_total": taxed.gross}


def in_coins(case: Input) -> Input:
    """Cash rounding."""
    done = round_for_cash(dec(case["untaxed"]) + dec(case["tax"]), dec(case["cash_unit"]))
    return {"total": done.payable, "rounding_posted": done.difference}


def simple_rate(case: Input) -> Input:
    """From one quotation to another; a missing one is an error."""
    rate = dec(case["to_rate"]) / dec(case["from_rate"]) if case["from_rate"] else None
    try:
        return {"result": convert(Money(dec(case["amount"]), "EUR"), "USD", rate=rate, on=DAY).money.amount}
    except Invalid as error:
        return {"error": error.code == "rate_missing"}


def to_unit(case: Input) -> Input:
    """Round to a unit that is no power of ten."""
    return {"result": round_to_unit(dec(case["amount"]), dec(case["unit"]))}


def in_instalments(case: Input) -> Input:
    """Convert the whole, then split it."""
    whole = convert(
        Money(dec(case["invoice"]), "EUR"), "USD", rate=dec(case["rate_eur_per_usd"]), on=DAY, inverted=True
    )
    parts = whole.money.split([1] * case["instalments"])
    receivable = sum((part.amount for part in parts), Decimal(0))
    invoice = whole.money.amount
    return {"receivable_usd": receivable, "invoice_usd": invoice, "difference": receivable - invoice}


def withheld(case: Input) -> Input:
    """A negative tax."""
    done = _total([_line(row["price"], row["tax_percent"], qty=row["qty"]) for row in case["lines"]]).total
    return {"untaxed": done.net, "tax": done.tax, "total": done.gross}


def paid_same_day(case: Input) -> Input:
    """Booked and paid at one rate."""
    booked, paid = (
        convert(
            Money(dec(case["invoice"]), "EUR"),
            "USD",
            rate=dec(case["rate_eur_per_usd"]),
            on=DAY,
            inverted=True,
        ).money
        for _ in range(2)
    )
    done = settle(booked, paid)
    state = "open" if done.still_open else "paid"
    return {"receivable_usd": booked.amount, "state": state, "difference": (paid - booked).amount}


ANSWERS: dict[str, Callable[[Input], Any]] = {
    "tax-rounding-01": same_rate,
    "tax-rounding-03": same_rate,
    "tax-rounding-05": two_taxes,
    "tax-rounding-07": same_rate,
    "tax-rounding-09": per_unit,
    "tax-rounding-11": dated,
    "tax-rounding-13": in_order,
    **{f"tax-rounding-{number}": one_line for number in (15, 17, 19, 21, 23, 25)},
    "tax-rounding-27": stack_total,
    "tax-rounding-29": stack_total,
    "tax-rounding-31": base_of_two_lines,
    "tax-rounding-33": on_the_document,
    "tax-rounding-35": minimum,
    "tax-rounding-37": unused_days,
    "tax-rounding-39": in_coins,
    "fx-01": simple_rate,
    "fx-03": simple_rate,
    "fx-05": to_unit,
    "fx-07": in_instalments,
    "fx-09": withheld,
    "fx-11": paid_same_day,
}
