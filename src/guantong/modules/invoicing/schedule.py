"""When an invoice falls due, part by part; a part whose event has not happened is not yet due (未到期). Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from guantong.base import terms
from guantong.base.currencies import exponent
from guantong.base.money import to_text
from guantong.modules.customers.payment_term import TermPart

Schedule = list[dict[str, Any]]


def schedule_for(
    parts: list[TermPart], gross: Decimal, currency: str, events: Mapping[str, date]
) -> Schedule:
    """The parts with amount (as text), anchor, offset and due day or none; without a term all is due at once.

    Raises Invalid: term_exceeds_total, and for parts that do not cover the whole.
    """
    parts = parts or [TermPart()]
    term = terms.PaymentTerm(tuple(part.instalment() for part in parts))
    due = term.schedule(gross, exponent=exponent(currency), events=events)
    return [
        {
            "amount": to_text(part.amount, currency),
            "on": part.on.isoformat() if part.on else None,
            "anchor": part.anchor,
            "months": agreed.months,
            "set_day": agreed.set_day,
            "days": agreed.days,
        }
        for part, agreed in zip(due, parts, strict=False)
    ]


def reached(schedule: Schedule, anchor: str, on: date) -> Schedule:
    """The schedule after an event has happened: its parts get their day; days that stand stay."""
    return [
        {**part, "on": _offset(part).after(on).isoformat()}
        if part["anchor"] == anchor and not part["on"]
        else part
        for part in schedule
    ]


def last_due(schedule: Schedule) -> date | None:
    """The last known due day."""
    days = [date.fromisoformat(part["on"]) for part in schedule if part["on"]]
    return max(days, default=None)


def _offset(part: dict[str, Any]) -> terms.Offset:
    return terms.Offset(months=part["months"], set_day=part["set_day"], days=part["days"])
