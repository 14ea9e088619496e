"""OrderLine 订单行: what is ordered and how far it is delivered and billed. Rows of an order; not an object."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db import models

from guantong.base.errors import Invalid, Refused
from guantong.engine.fields import Amount, Choice, Quantity
from guantong.modules.catalog.priced import PricedLine


class RecogniseOn(models.TextChoices):
    """When control passes, so when revenue is recognised under the policy `at_transfer` (business.md 1)."""

    SHIP = "ship"
    RECEIVE = "receive"
    ACCEPT = "accept"
    PROGRESS = "progress"


@dataclass
class Progress:
    """How far one line is, since the beginning: absolute, so that telling it twice changes nothing (law 7)."""

    line: UUID
    quantity: Decimal
    gross: Decimal = Decimal(0)


class OrderLine(PricedLine):
    """A row of an order."""

    recognise_on = Choice(RecogniseOn, default="ship")
    delivered_quantity = Quantity(default=0, editable=False)
    invoiced_quantity = Quantity(default=0, editable=False)
    invoiced_gross = Amount(currency="^currency", default=0, editable=False)
    opening_quantity = Quantity(default=0, editable=False)  # billed before the cut-over, by another system
    opening_gross = Amount(currency="^currency", default=0, editable=False)

    @property
    def is_invoiced(self) -> bool:
        """Whether nothing is left to bill; what is free of charge needs no bill."""
        return self.kind != "sale" or abs(self.invoiced_quantity) >= abs(self.quantity)


def put_progress(lines: Sequence[OrderLine], progress: Sequence[Progress], facts: Mapping[str, str]) -> None:
    """Set `facts` (fact of the line → fact of the progress) on the lines named. Raises Invalid: unknown_line."""
    known = {line.id: line for line in lines}
    for index, row in enumerate(progress):
        if row.line not in known:
            raise Invalid("unknown_line", field=f"progress.{index}.line")
        for name, of in facts.items():
            setattr(known[row.line], name, getattr(row, of))


def keep_opening(lines: Sequence[OrderLine]) -> None:
    """Remember what an adopted order was billed elsewhere: our invoices count on top of it."""
    for line in lines:
        line.opening_quantity, line.opening_gross = line.invoiced_quantity, line.invoiced_gross


def check_progress(lines: Sequence[OrderLine]) -> None:
    """Raise Refused unless 0 ≤ delivered, invoiced ≤ ordered on every line (≥ on lines that go back)."""
    for index, line in enumerate(lines):
        for name, code in (("delivered_quantity", "over_delivered"), ("invoiced_quantity", "over_invoiced")):
            low, high = sorted((Decimal(0), line.quantity))
            if not low <= getattr(line, name) <= high:
                raise Refused(code, field=f"lines.{index}.{name}", ordered=str(line.quantity.normalize()))
        low, high = sorted((Decimal(0), line.gross))
        if not low <= line.invoiced_gross <= high:
            raise Refused("over_invoiced", field=f"lines.{index}.invoiced_gross", ordered=str(line.gross))
