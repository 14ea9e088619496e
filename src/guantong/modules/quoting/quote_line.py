"""QuoteLine 报价行: a row of an offer, and what the rows are worth to us: list value, discount, margin over cost."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from guantong.base.currencies import exponent
from guantong.base.rounding import exact_sum, round_to
from guantong.engine.fields import Price
from guantong.modules.catalog.priced import PricedLine, copied

COSTLESS = ("loan",)  # what is lent comes back


class QuoteLine(PricedLine):
    """A row of an offer, with what it costs us."""

    unit_cost = Price(currency="^currency", null=True, blank=True)

    @property
    def cost(self) -> Decimal | None:
        """What the row costs us; None when nobody knows."""
        if self.kind in COSTLESS:
            return Decimal(0)
        return None if self.unit_cost is None else self.unit_cost * self.quantity


def put_margin(version: Any, lines: Sequence[Any]) -> None:
    """Put totals and margin on a version whose lines are worked out.

    List total − discount total = what was entered (含税 or 不含税, as each line says). Margin = net − quantity ×
    unit cost, gifts and samples included; unknown (None) as soon as one line's cost is unknown.
    """
    entered = [line.gross if line.price_basis == "inclusive" else line.net for line in lines]
    version.discount_total = exact_sum(line.discount for line in lines)
    version.list_total = exact_sum(entered) + version.discount_total
    version.margin = version.margin_percent = None
    costs = [line.cost for line in lines]
    if any(cost is None for cost in costs):
        return
    cost = round_to(exact_sum(cost for cost in costs if cost is not None), exponent(version.currency))
    version.margin = version.net - cost
    if version.net:
        version.margin_percent = round_to(version.margin * 100 / version.net, 2)


def copies_of(version: Any, lines: list[QuoteLine]) -> list[QuoteLine]:
    """The rows of an offer by value, for the next version of it."""
    came_from = {"source_object": "quote_version", "source_id": version.id}
    return [QuoteLine(**copied(line), **came_from, unit_cost=line.unit_cost) for line in lines]
