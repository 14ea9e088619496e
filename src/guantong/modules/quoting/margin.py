"""What an offer is worth to us: list value, discount, and margin over cost (docs/algorithms/pricing.md)."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from guantong.base.currencies import exponent
from guantong.base.rounding import exact_sum, round_to

if TYPE_CHECKING:
    from guantong.modules.quoting.quote_version import QuoteLine, QuoteVersion

COSTLESS = ("loan",)  # what is lent comes back


def put_margin(version: QuoteVersion, lines: list[QuoteLine]) -> None:
    """Put totals and margin on a version whose lines are worked out.

    List total − discount total = what was entered (含税 or 不含税, as each line says). Margin = net − quantity ×
    unit cost, gifts and samples included; unknown (None) as soon as one line's cost is unknown.
    """
    entered = [line.gross if line.price_basis == "inclusive" else line.net for line in lines]
    version.discount_total = exact_sum(line.discount for line in lines)
    version.list_total = exact_sum(entered) + version.discount_total
    version.margin = version.margin_percent = None
    costs = [cost_of(line) for line in lines]
    if any(cost is None for cost in costs):
        return
    cost = round_to(exact_sum(cost for cost in costs if cost is not None), exponent(version.currency))
    version.margin = version.net - cost
    if version.net:
        version.margin_percent = round_to(version.margin * 100 / version.net, 2)


def cost_of(line: QuoteLine) -> Decimal | None:
    """What a line costs us; None when nobody knows."""
    if line.kind in COSTLESS:
        return Decimal(0)
    return None if line.unit_cost is None else line.unit_cost * line.quantity
