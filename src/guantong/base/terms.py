"""Payment terms (账期): instalments, each due some time after a named event. No ledger, no records here.

Numbers and worked cases: docs/algorithms/terms.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from guantong.base.calendar import add_months, end_of_month, next_weekday, with_day
from guantong.base.errors import Invalid
from guantong.base.rounding import EXACT, exact_sum, must_be_exact, round_to

ANCHORS = (
    "order_confirmed",
    "signed",
    "shipped",
    "received",
    "accepted",
    "final_accepted",
    "invoice_issued",
    "invoice_received",
    "reconciled",
    "month_end",
)
"""The events a due date may hang on: 订单确认, 签约, 发货, 到货, 验收, 终验, 开票, 票到, 对账, 月结."""

KINDS = ("percent_of_total", "percent_of_remaining", "fixed", "remainder")
_MONTH_OF = tuple(anchor for anchor in ANCHORS if anchor != "month_end")


@dataclass(frozen=True, slots=True)
class Offset:
    """How long after the event: add months, then set the day, then add days, then go on to a given day.

    `end_of_month` sets the last day. `next_day` and `weekday` (Monday is 0) go on to that day of the month
    or week, staying where they are if it is that day already.
    """

    months: int = 0
    set_day: int | None = None
    end_of_month: bool = False
    days: int = 0
    next_day: int | None = None
    weekday: int | None = None

    def __post_init__(self) -> None:
        if self.set_day is not None and self.end_of_month:
            raise Invalid("offset_contradicts", field="set_day")
        self.after(date(2000, 1, 1))

    def after(self, day: date) -> date:
        """Give the due date for an event on this day. Raises `Invalid` on days outside month or week."""
        day = add_months(day, self.months)
        if self.end_of_month:
            day = end_of_month(day)
        if self.set_day is not None:
            day = with_day(day, self.set_day)
        day = _add_days(day, self.days)
        if self.next_day is not None:
            here = with_day(day, self.next_day)
            day = here if here >= day else with_day(add_months(day.replace(day=1), 1), self.next_day)
        return day if self.weekday is None else next_weekday(day, self.weekday)


@dataclass(frozen=True, slots=True)
class Instalment:
    """A part of the price and when it falls due. `month_of` names the event whose month is closed."""

    kind: str
    offset: Offset = field(default_factory=Offset)
    percent: Decimal | None = None
    amount: Decimal | None = None
    anchor: str = "invoice_issued"
    month_of: str = "invoice_issued"

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise Invalid("instalment_kind_unknown", field="kind", kind=str(self.kind))
        if self.anchor not in ANCHORS or self.month_of not in _MONTH_OF:
            raise Invalid("anchor_unknown", field="anchor", anchor=str(self.anchor))
        if self.kind.startswith("percent") != (self.percent is not None):
            raise Invalid("instalment_malformed", field="percent", kind=self.kind)
        if (self.kind == "fixed") != (self.amount is not None):
            raise Invalid("instalment_malformed", field="amount", kind=self.kind)
        if self.percent is not None and not 0 < must_be_exact(self.percent, field="percent") <= 100:
            raise Invalid("percent_range", field="percent", percent=str(self.percent))
        if self.amount is not None and must_be_exact(self.amount, field="amount") <= 0:
            raise Invalid("amount_not_positive", field="amount")

    def due_on(self, events: Mapping[str, date]) -> date | None:
        """Give the due date, or None while the event has not happened: not yet due.

        `month_end` (月结) is the last day of the month of `month_of`, unless the events name a closing day
        as `month_end` themselves.
        """
        happened = events.get(self.anchor)
        if happened is None and self.anchor == "month_end":
            month = events.get(self.month_of)
            happened = end_of_month(month) if month else None
        return self.offset.after(happened) if happened else None


@dataclass(frozen=True, slots=True)
class Due:
    """An amount and the day it is due; `on` is None while its event has not happened (未到期)."""

    amount: Decimal
    on: date | None
    anchor: str


@dataclass(frozen=True, slots=True)
class PaymentTerm:
    """The agreed instalments: they cover the whole price, by a remainder at the end or percentages to 100."""

    instalments: tuple[Instalment, ...]

    def __post_init__(self) -> None:
        kinds = [part.kind for part in self.instalments]
        if "remainder" in kinds[:-1]:
            raise Invalid("remainder_not_last", field="instalments")
        if kinds and kinds[-1] == "remainder":
            return
        parts = exact_sum(part.percent or Decimal(0) for part in self.instalments)
        if set(kinds) != {"percent_of_total"} or parts != 100:
            raise Invalid("term_incomplete", field="instalments")

    def schedule(self, total: Decimal, *, exponent: int, events: Mapping[str, date]) -> list[Due]:
        """Split a total over the instalments, the last taking what rounding leaves.

        A total of zero gives one instalment of zero, due on the day of the last instalment's event itself.
        A negative total (a credit note) mirrors the positive one. Raises `Invalid("term_exceeds_total")`
        when fixed amounts are more than is left, `Invalid("anchor_unknown")`.
        """
        for name in events:
            if name not in ANCHORS:
                raise Invalid("anchor_unknown", field="events", anchor=str(name))
        must_be_exact(total, field="total")
        last = self.instalments[-1]
        if total == 0:
            at_once = Instalment("remainder", anchor=last.anchor, month_of=last.month_of)
            return [Due(round_to(total, exponent), at_once.due_on(events), last.anchor)]
        amounts = self._amounts(total.copy_abs(), exponent)
        return [
            Due(amount.copy_sign(total), part.due_on(events), part.anchor)
            for part, amount in zip(self.instalments, amounts, strict=True)
        ]

    def _amounts(self, total: Decimal, exponent: int) -> list[Decimal]:
        left, amounts = round_to(total, exponent), []
        for part in self.instalments[:-1]:
            amount = part.amount if part.amount is not None else _share(part, total=total, left=left)
            amount = round_to(amount, exponent)
            left = EXACT.subtract(left, amount)
            if left < 0:
                raise Invalid("term_exceeds_total", field="instalments", total=str(total))
            amounts.append(amount)
        return [*amounts, left]


def _share(part: Instalment, *, total: Decimal, left: Decimal) -> Decimal:
    whole = total if part.kind == "percent_of_total" else left
    return EXACT.multiply(whole, part.percent or Decimal(0)).scaleb(-2, EXACT)


def _add_days(day: date, days: int) -> date:
    try:
        return day + timedelta(days=days)
    except OverflowError as error:
        raise Invalid("date_out_of_range", field="days", days=days) from error


def whole_after(offset: Offset, *, anchor: str = "invoice_issued") -> PaymentTerm:
    """Make a term with one instalment: everything, so long after an event."""
    return PaymentTerm((Instalment("remainder", offset, anchor=anchor),))


def reschedule(
    opened: Decimal, *, start: date, amount: Decimal, every_months: int
) -> list[tuple[date, Decimal]]:
    """Split an open amount into equal parts every so many months; the last part is what is left.

    Dates are counted from `start`, so that a 31st comes back after a short month. Raises
    `Invalid("reschedule_malformed")` unless amount and months are above zero, `opened` not negative.
    """
    if amount <= 0 or every_months < 1 or opened < 0:
        raise Invalid("reschedule_malformed", field="amount")
    parts: list[tuple[date, Decimal]] = []
    while opened > 0:
        part = min(amount, opened)
        parts.append((add_months(start, every_months * len(parts)), part))
        opened = EXACT.subtract(opened, part)
    return parts
