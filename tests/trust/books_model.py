"""An independent account of the short road in Fractions: no Decimal, no code of the product (trust.md M1)."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

CENT = Fraction(1, 100)


def fen(value: Fraction) -> Fraction:
    """Rounded half up to the cent, as a Fraction."""
    return Fraction((value / CENT + Fraction(1, 2)).__floor__()) * CENT


@dataclass
class Bill:
    """An invoice: what it was for, and what has become of it."""

    id: str
    currency: str
    gross: Fraction
    tax: Fraction
    paid: Fraction = Fraction(0)
    credited: Fraction = Fraction(0)
    lost: Fraction = Fraction(0)

    @property
    def open(self) -> Fraction:
        return self.gross - self.paid - self.credited - self.lost


@dataclass
class Money:
    """A receipt: what came, and what it was spent on."""

    id: str
    currency: str
    amount: Fraction
    spent: Fraction = Fraction(0)

    @property
    def open(self) -> Fraction:
        return self.amount - self.spent


@dataclass
class Part:
    """An allocation: this much of that money on this bill."""

    id: str
    bill: Bill
    money: Money
    amount: Fraction


@dataclass
class Model:
    """What one customer should stand like."""

    bills: list[Bill] = field(default_factory=list)
    moneys: list[Money] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    losses: list[tuple[str, Bill, Fraction]] = field(default_factory=list)
    tax_back: dict[str, Fraction] = field(default_factory=dict)

    def receivable(self, currency: str) -> Fraction:
        """What is open on bills in a currency."""
        return sum((bill.open for bill in self.bills if bill.currency == currency), Fraction(0))

    def advance(self, currency: str) -> Fraction:
        """What is left of confirmed money in a currency."""
        return sum((money.open for money in self.moneys if money.currency == currency), Fraction(0))

    def tax(self, currency: str) -> Fraction:
        """Tax on bills less tax taken back."""
        billed = sum((bill.tax for bill in self.bills if bill.currency == currency), Fraction(0))
        return billed - self.tax_back.get(currency, Fraction(0))


def priced(rows: list[tuple[Fraction, Fraction, Fraction]]) -> tuple[Fraction, Fraction]:
    """(gross, tax) of tax-inclusive lines (price, quantity, percent), each rounded on its own."""
    gross = tax = Fraction(0)
    for price, quantity, percent in rows:
        line = fen(price * quantity)
        gross += line
        tax += line - fen(line / (1 + percent / 100))
    return gross, tax
