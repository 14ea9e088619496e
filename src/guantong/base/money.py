"""Money with its currency: arithmetic, strict reading from text, printing, conversion.

Rounding and splitting live in `rounding`, currencies in `currencies`; both are handed on from here, so
that one import serves. Capital characters (大写金额) live in `capitals`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from guantong.base.currencies import CURRENCIES, exponent, known
from guantong.base.errors import Invalid
from guantong.base.rounding import (
    EXACT,
    MODES,
    allocate,
    must_be_exact,
    round_for_cash,
    round_to,
    round_to_unit,
    smallest_unit,
)

__all__ = [
    "CURRENCIES",
    "EXACT",
    "MODES",
    "Converted",
    "Money",
    "allocate",
    "convert",
    "decimal_from",
    "exponent",
    "known",
    "money_from",
    "round_for_cash",
    "round_to",
    "round_to_unit",
    "smallest_unit",
    "to_text",
]


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in one currency. Only equal currencies add and compare (house law 6)."""

    amount: Decimal
    currency: str

    def __post_init__(self) -> None:
        exponent(self.currency)
        must_be_exact(self.amount, field="amount")

    def __add__(self, other: Money) -> Money:
        return Money(EXACT.add(self.amount, self._same(other)), self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(EXACT.subtract(self.amount, self._same(other)), self.currency)

    def __neg__(self) -> Money:
        return Money(self.amount.copy_negate() if self.amount else self.amount, self.currency)

    def __abs__(self) -> Money:
        return Money(self.amount.copy_abs(), self.currency)

    def __bool__(self) -> bool:
        return bool(self.amount)

    def __lt__(self, other: Money) -> bool:
        return self.amount < self._same(other)

    def __le__(self, other: Money) -> bool:
        return self.amount <= self._same(other)

    def __gt__(self, other: Money) -> bool:
        return self.amount > self._same(other)

    def __ge__(self, other: Money) -> bool:
        return self.amount >= self._same(other)

    def __str__(self) -> str:
        return f"{to_text(self.amount, self.currency)} {self.currency}"

    @classmethod
    def zero(cls, currency: str) -> Money:
        """Give nothing, in this currency."""
        return cls(Decimal(0), currency)

    def rounded(self, mode: str = "half_up") -> Money:
        """Round to the places of the currency by a named mode."""
        return Money(round_to(self.amount, exponent(self.currency), mode), self.currency)

    def percent(self, percent: Decimal, mode: str = "half_up") -> Money:
        """Take so many percent, rounded to the places of the currency: an advance (预付款), a retention."""
        exact = EXACT.multiply(self.amount, must_be_exact(percent, field="percent")).scaleb(-2, EXACT)
        return Money(exact, self.currency).rounded(mode)

    def split(self, weights: list[Decimal | int]) -> list[Money]:
        """Split by weights without losing the smallest unit. Raises as `allocate`."""
        parts = allocate(self.amount, weights, exponent(self.currency))
        return [Money(part, self.currency) for part in parts]

    def _same(self, other: Money) -> Decimal:
        if not isinstance(other, Money):
            raise Invalid("amount_not_money", kind=type(other).__name__)
        if other.currency != self.currency:
            raise Invalid("currency_mismatch", field="currency", left=self.currency, right=other.currency)
        return other.amount


@dataclass(frozen=True, slots=True)
class Converted:
    """An amount in another currency, with the rate and the day that made it."""

    money: Money
    source: Money
    rate: Decimal
    on: date
    is_inverted: bool


def decimal_from(text: object, *, field: str, max_digits: int = 20, places: int = 4) -> Decimal:
    """Read a decimal number from strict text: ASCII digits, at most one leading `-` and one `.` inside.

    Python's own `Decimal("…")` also takes blanks, underscores, full-width digits, exponents and NaN; all
    of them are refused here, as are leading zeros, `+1`, `.5` and `5.`. Raises `Invalid` with the field:
    `money_not_text` (a JSON number, a boolean, nothing), `money_malformed`, `money_too_many_places`,
    `money_too_long` (more than `max_digits - places` digits before the point).
    """
    if not isinstance(text, str):
        raise Invalid("money_not_text", field=field, kind=type(text).__name__)
    unsigned = text.removeprefix("-")
    whole, point, rest = unsigned.partition(".")
    if not _are_digits(whole) or (point and not _are_digits(rest)) or (len(whole) > 1 and whole[0] == "0"):
        raise Invalid("money_malformed", field=field, text=text[:40])
    if len(rest) > places:
        raise Invalid("money_too_many_places", field=field, places=places)
    if len(whole) > max_digits - places:
        raise Invalid("money_too_long", field=field, digits=max_digits - places)
    number = Decimal(text)
    return number if number else number.copy_abs()


def money_from(text: object, currency: str, *, field: str) -> Money:
    """Read an amount with no more places than its currency has. Raises as `decimal_from`."""
    return Money(decimal_from(text, field=field, places=exponent(currency)), currency)


def to_text(amount: Decimal, currency: str) -> str:
    """Print with exactly the places of the currency: 1234.5 CNY → `1234.50`, 1235 JPY → `1235`.

    Raises `Invalid("money_not_rounded")` when digits would be lost: printing never rounds.
    """
    places = exponent(currency)
    printed = round_to(must_be_exact(amount), places)
    if printed != amount:
        raise Invalid("money_not_rounded", field="amount", amount=str(amount), currency=currency)
    return f"{printed:f}"


def convert(
    money: Money, to: str, *, rate: Decimal | None, on: date, inverted: bool = False, mode: str = "half_up"
) -> Converted:
    """Convert into another currency and round to its places.

    `rate` is units of `to` for one unit of the source; `inverted=True` means units of the source for one
    unit of `to`, and divides. Raises `Invalid`: `rate_missing`, `rate_not_positive`, `currency_unknown`.
    """
    if rate is None:
        raise Invalid("rate_missing", field="rate", source=money.currency, to=to, on=str(on))
    if must_be_exact(rate, field="rate") <= 0:
        raise Invalid("rate_not_positive", field="rate", rate=str(rate))
    if not isinstance(on, date):
        raise Invalid("rate_date_missing", field="on")
    exact = EXACT.divide(money.amount, rate) if inverted else EXACT.multiply(money.amount, rate)
    return Converted(Money(round_to(exact, exponent(to), mode), to), money, rate, on, inverted)


def _are_digits(text: str) -> bool:
    return text.isascii() and text.isdigit()
