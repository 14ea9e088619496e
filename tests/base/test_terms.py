"""Payment terms, early payment, rescheduling, by the tables of docs/algorithms/terms.md."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guantong.base.early_payment import early_payment
from guantong.base.errors import Invalid
from guantong.base.tax import TaxedAmount, TaxRate, split_tax
from guantong.base.terms import ANCHORS, Instalment, Offset, PaymentTerm, reschedule, whole_after
from tests.base.tables import all_rows

DAY = date(2026, 3, 10)


def _number(text: str) -> int | None:
    return int(text) if text else None


@all_rows("terms", "offsets")
def test_offsets(row: dict[str, str]) -> None:
    offset = Offset(
        months=int(row["months"] or 0),
        set_day=_number(row["set day"]),
        end_of_month=row["end of month"] == "yes",
        days=int(row["days"] or 0),
        next_day=_number(row["next day"]),
        weekday=_number(row["weekday"]),
    )
    assert str(offset.after(date.fromisoformat(row["event"]))) == row["due"]


@all_rows("terms", "anchors")
def test_anchors(row: dict[str, str]) -> None:
    events = {}
    for text in row["known events"].split(", "):
        name, day = text.split()
        events[name] = date.fromisoformat(day)
    term = whole_after(Offset(months=int(row["months"]), days=int(row["days"])), anchor=row["anchor"])
    (due,) = term.schedule(Decimal(100), exponent=2, events=events)
    assert (str(due.on) if due.on else "not yet due") == row["due"]
    assert (due.amount, due.anchor) == (100, row["anchor"])


@pytest.mark.parametrize("anchor", ANCHORS)
def test_every_anchor_waits_for_its_event(anchor: str) -> None:
    part = Instalment("remainder", Offset(days=7), anchor=anchor)
    assert part.due_on({}) is None
    assert part.due_on({anchor: DAY}) == date(2026, 3, 17)


def _part(text: str) -> Instalment:
    if text == "rest":
        return Instalment("remainder")
    amount, _, kind = text.partition(" ")
    if not kind:
        return Instalment("fixed", amount=Decimal(amount))
    return Instalment(f"percent_of_{kind}", percent=Decimal(amount.rstrip("%")))


@all_rows("terms", "amounts")
def test_amounts(row: dict[str, str]) -> None:
    def schedule() -> list[str]:
        term = PaymentTerm(tuple(map(_part, row["parts"].split(", "))))
        dues = term.schedule(Decimal(row["total"]), exponent=int(row["places"]), events={})
        return [str(due.amount) for due in dues]

    if row["amounts"] == "refused":
        with pytest.raises(Invalid):
            schedule()
    else:
        assert " ".join(schedule()) == row["amounts"]


@given(st.integers(-(10**12), 10**12), st.lists(st.integers(1, 60), max_size=5))
def test_instalments_sum_to_the_total(count: int, percents: list[int]) -> None:
    parts = [Instalment("percent_of_remaining", percent=Decimal(percent)) for percent in percents]
    total = Decimal(count).scaleb(-2)
    dues = PaymentTerm((*parts, Instalment("remainder"))).schedule(total, exponent=2, events={})
    assert sum(due.amount for due in dues) == total
    assert all(due.amount * count >= 0 for due in dues)


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (lambda: Instalment("half"), "instalment_kind_unknown"),
        (lambda: Instalment("remainder", anchor="paid"), "anchor_unknown"),
        (lambda: Instalment("remainder", month_of="month_end"), "anchor_unknown"),
        (lambda: Instalment("percent_of_total"), "instalment_malformed"),
        (lambda: Instalment("remainder", percent=Decimal(5)), "instalment_malformed"),
        (lambda: Instalment("fixed"), "instalment_malformed"),
        (lambda: Instalment("fixed", amount=Decimal(0)), "amount_not_positive"),
        (lambda: Instalment("percent_of_total", percent=Decimal(101)), "percent_range"),
        (lambda: PaymentTerm(()), "term_incomplete"),
        (lambda: PaymentTerm((Instalment("remainder"), Instalment("remainder"))), "remainder_not_last"),
        (lambda: Offset(set_day=32), "day_of_month_range"),
        (lambda: Offset(set_day=5, end_of_month=True), "offset_contradicts"),
        (lambda: Offset(weekday=7), "weekday_range"),
        (lambda: Offset(days=10**12), "date_out_of_range"),
        (
            lambda: whole_after(Offset()).schedule(Decimal(1), exponent=2, events={"paid": DAY}),
            "anchor_unknown",
        ),
        (
            lambda: reschedule(Decimal(1), start=DAY, amount=Decimal(0), every_months=1),
            "reschedule_malformed",
        ),
    ],
)
def test_terms_refuse(make, code: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(Invalid, match=code):
        make()


def test_a_zero_total_is_due_at_once() -> None:
    term = whole_after(Offset(months=1))
    (due,) = term.schedule(Decimal(0), exponent=2, events={"invoice_issued": DAY})
    assert (str(due.amount), due.on) == ("0.00", DAY)


def test_early_payment_lowers_the_tax_too() -> None:
    rate = TaxRate(Decimal(13))
    taxed = split_tax(Decimal("1130.00"), basis="inclusive", rate=rate, currency="CNY")
    done = early_payment([(rate, taxed)], percent=Decimal(2), days=10, invoiced_on=DAY, exponent=2)
    assert done.discount == TaxedAmount(Decimal("20.00"), Decimal("2.60"), Decimal("22.60"), "CNY")
    assert (str(done.cash), done.until) == ("1107.40", date(2026, 3, 20))
    for percent, amounts in ((Decimal(101), [(rate, taxed)]), (Decimal(1), [])):
        with pytest.raises(Invalid):
            early_payment(amounts, percent=percent, days=10, invoiced_on=DAY, exponent=2)
