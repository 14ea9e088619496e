"""Our answers to the scenario cases of payment-terms, proration and the pure ones of payments."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from guantong.base.calendar import frozen, today
from guantong.base.early_payment import EarlyPayment, early_payment
from guantong.base.errors import Invalid
from guantong.base.money import Money
from guantong.base.open_items import OpenItem, allocate_oldest, best_match, settle
from guantong.base.proration import billing_cycles, weekly_bill_days
from guantong.base.tax import TaxedAmount, TaxRate, split_tax
from guantong.base.tax_document import sum_of
from guantong.base.terms import Instalment, Offset, PaymentTerm, reschedule, whole_after

Input = dict[str, Any]
ISSUED = "invoice_issued"


def dec(value: Any) -> Decimal:
    """Read a figure of a case."""
    return Decimal(str(value))


def eur(value: Any) -> Money:
    """Read money of a case."""
    return Money(dec(value), "EUR")


def schedule(case: Input) -> Any:
    """Split over instalments with their due dates."""
    parts = tuple(
        Instalment(
            row["kind"],
            Offset(**row["offset"]),
            percent=dec(row["percent"]) if "percent" in row else None,
            amount=dec(row["amount"]) if "amount" in row else None,
        )
        for row in case["lines"]
    )
    events = {ISSUED: date.fromisoformat(case["invoice_date"])}
    return [
        [due.on, due.amount]
        for due in PaymentTerm(parts).schedule(dec(case["amount"]), exponent=2, events=events)
    ]


_RULES: dict[str, Callable[[Input], tuple[str, Offset]]] = {
    "days after invoice date": lambda term: (ISSUED, Offset(days=term["days"])),
    "days after end of invoice month": lambda term: ("month_end", Offset(days=term["days"])),
    "days after invoice date, then next given day of month": lambda term: (
        ISSUED,
        Offset(days=term["days"], next_day=term["day_of_month"]),
    ),
    "last day of invoice month": lambda term: (ISSUED, Offset(end_of_month=True)),
    "first day of month after invoice": lambda term: (ISSUED, Offset(months=1, set_day=1)),
}


def due_date(case: Input) -> Input:
    """One due date by a named rule."""
    anchor, offset = _RULES[case["term"]["rule"]](case["term"])
    term = whole_after(offset, anchor=anchor)
    (due,) = term.schedule(Decimal(1), exponent=2, events={ISSUED: date.fromisoformat(case["invoice_date"])})
    return {"due_date": due.on}


def _early(case: Input, lines: list[tuple[Any, Any]]) -> tuple[EarlyPayment, list[TaxedAmount]]:
    rates = [TaxRate(dec(percent)) for _, percent in lines]
    taxed = [
        split_tax(dec(net), basis="exclusive", rate=rate, currency="EUR")
        for (net, _), rate in zip(lines, rates, strict=True)
    ]
    done = early_payment(
        list(zip(rates, taxed, strict=True)),
        percent=dec(case["discount_percent"]),
        days=case.get("discount_days", 0),
        invoiced_on=date.fromisoformat(case.get("invoice_date", "2019-01-01")),
        exponent=2,
        undiscounted=dec(case.get("fixed_tax", 0)),
    )
    return done, taxed


def discount_until(case: Input) -> Input:
    """The last discount day and the amount to pay."""
    done, _ = _early(case, [(case["amount"], 0)])
    return {"discount_until": done.until, "discounted_amount": done.cash}


def discounted(case: Input) -> Input:
    """What a discounted invoice brings and takes off."""
    lines = [(row["net"], row["tax_percent"]) for row in case.get("lines", [case])]
    done, taxed = _early(case, lines)
    total = sum_of(taxed, currency="EUR").gross + dec(case.get("fixed_tax", 0))
    parts = {"discount_net": done.discount.net, "tax_reduction": done.discount.tax}
    return {"invoice_total": total, "cash": done.cash, **parts}


def two_discounted(case: Input) -> Input:
    """One payment for two discounted invoices."""
    each = [_early(case, [(amount, case["tax_percent"])])[0] for amount in case["invoices"]]
    cash = sum((done.cash for done in each), Decimal(0))
    items = [OpenItem(place, eur(done.cash)) for place, done in enumerate(each)]
    paid = allocate_oldest(eur(cash), items)
    both = len(paid.parts) == 2 and not paid.left
    return {"cash": cash, "discount": sum(done.discount.gross for done in each), "both_paid": both}


def rescheduled(case: Input) -> Any:
    """Equal parts every so many months."""
    start = date.fromisoformat(case["start"])
    return [
        list(row)
        for row in reschedule(
            dec(case["open"]), start=start, amount=dec(case["amount"]), every_months=case["every_months"]
        )
    ]


def still_the_same(case: Input) -> Input:
    """Rescheduling changes no total, and paying it closes all."""
    parts = eur(case["open"]).split([1] * case["number"])
    total = sum(parts, start=Money.zero("EUR"))
    paid = allocate_oldest(total, [OpenItem(place, part) for place, part in enumerate(parts)])
    state = "paid" if dict(paid.parts) == dict(enumerate(parts)) and not paid.left else "open"
    return {"open_items": len(parts), "amount_to_pay": total.amount, "then_pay": total.amount, "state": state}


def cycles(case: Input) -> Input:
    """Billing cycles as a sum of shares."""
    end = date.fromisoformat(case["end"]) if "end" in case else None
    start, until = date.fromisoformat(case["start"]), date.fromisoformat(case["bill_until"])
    try:
        made = billing_cycles(start, until=until, bill_day=case.get("bill_day", 1), end=end)
    except Invalid:
        return {"error": True}
    return {"cycles": sum((cycle.share for cycle in made), start=Fraction(0))}


def weekly(case: Input) -> Input:
    """The first invoice day; a repeated run names no new one."""
    start = date.fromisoformat(case["start"])
    billed: set[date] = set()
    for _ in range(2):
        billed |= set(weekly_bill_days(start, until=start + timedelta(days=6)))
    return {"invoice_date": min(billed), "count_if_billing_runs_twice_that_day": len(billed)}


def customers_day(case: Input) -> Input:
    """Billing looks at the day of the customer."""

    def days_at(moment: str) -> list[date]:
        with frozen(datetime.fromisoformat(case["start"])):
            start = today(case["timezone"])
        with frozen(datetime.fromisoformat(moment)):
            return weekly_bill_days(start, until=today(case["timezone"]))

    before, after = "2023-02-13T04:00Z", "2023-02-13T05:00Z"
    monday = date(2023, 2, 13)
    return {
        "no_invoice_at_utc": before if monday not in days_at(before) else None,
        "invoice_at_utc": after if monday in days_at(after) else None,
    }


def ended(case: Input) -> Input:
    """A subscription from the first of the month whose last day is given: later runs bill nothing more."""
    last = date.fromisoformat(case["end"])
    runs = [
        billing_cycles(
            last.replace(day=1), until=date.fromisoformat(run), bill_day=1, end=last + timedelta(days=1)
        )
        for run in case["run"]
    ]
    billed = {cycle for run in runs for cycle in run}
    state = "closed" if runs[-1] == runs[0] else "open"
    return {"consumptions": sum(cycle.days for cycle in billed), "invoices": len(billed), "state": state}


def paid_in_parts(case: Input) -> Input:
    """Part payments and a written-off rest."""
    opened, left, written = eur(case["invoice"]), [], Money.zero("EUR")
    for row in case["payments"]:
        whole = isinstance(row, dict)
        done = settle(
            opened, eur(row["amount"] if whole else row), write_off_limit=eur("1.00") if whole else None
        )
        opened, written = done.still_open, written + done.written_off
        left.append(opened.amount)
    return {"open_after": left, "writeoff": written.amount, "state": "open" if opened else "paid"}


def overpaid(case: Input) -> Input:
    """What is over stays as credit."""
    done = settle(eur(case["invoice"]), eur(case["payment"]))
    balance = (done.still_open - done.credit).amount
    return {"state": "open" if done.still_open else "paid", "customer_balance": balance}


def best(case: Input) -> Input:
    """The best-fitting set."""
    items = [
        OpenItem(key, eur(row["amount"]), date.fromisoformat(row["due"]))
        for key, row in case["open_items"].items()
    ]
    done = best_match(eur(case["payment"]), items)
    return {"matched": list(done.keys), "remaining": done.remaining.amount}


def reconciled(case: Input) -> Input:
    """Two items that cancel out."""
    items = [OpenItem(place, eur(amount)) for place, amount in enumerate(case["open_items"])]
    done = best_match(Money.zero("EUR"), items)
    return {"reconciled": len(done.keys) == len(items) and not done.remaining}


def refund(case: Input) -> Input:
    """A refund settles a credit note."""
    done = settle(eur(case["credit_note"]), eur(case["bank_line"]))
    return {"state": "open" if done.still_open or done.credit else "paid"}


def balances(case: Input) -> Input:
    """A statement that adds up."""
    return {"valid": sum(map(eur, case["lines"]), start=eur(case["start"])) == eur(case["end"])}


def advance(case: Input) -> Input:
    """An advance in percent of the order."""
    return {"advance_invoice": eur(case["order"]).percent(dec(case["advance"].strip(" %"))).amount}


ANSWERS: dict[str, Callable[[Input], Any]] = {
    **{f"payment-terms-{number:02}": schedule for number in (1, 3, 5)},
    **{f"payment-terms-{number:02}": due_date for number in (7, 9, 11, 13, 15, 17, 19)},
    "payment-terms-21": discount_until,
    "payment-terms-23": discounted,
    "payment-terms-25": discounted,
    "payment-terms-27": two_discounted,
    "payment-terms-29": rescheduled,
    "payment-terms-31": still_the_same,
    **{f"proration-{number:02}": cycles for number in range(1, 20, 2)},
    "proration-21": weekly,
    "proration-23": customers_day,
    "proration-25": ended,
    "payments-01": paid_in_parts,
    "payments-03": overpaid,
    **{f"payments-{number:02}": best for number in range(7, 18, 2)},
    "payments-19": reconciled,
    "payments-21": refund,
    "payments-23": balances,
    "payments-29": advance,
}
