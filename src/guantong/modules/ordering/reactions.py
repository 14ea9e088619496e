"""What ordering does when something happens upstream."""

from __future__ import annotations

from guantong.engine.states import on
from guantong.engine.states.unit import create
from guantong.modules.catalog.priced import copied
from guantong.modules.ordering.order import Order
from guantong.modules.ordering.order_line import OrderLine
from guantong.modules.quoting.quote_version import QuoteVersion

TERMS = ("rounding", "discount_percent", "discount_amount", "net", "tax", "gross")


@on(QuoteVersion.accept)
def draft_order(version: QuoteVersion) -> None:
    """Draft the order that the customer said yes to; every amount is copied, none worked out again."""
    lines = [OrderLine(**copied(line)) for line in version.lines]
    for line in lines:
        line.source_object, line.source_id = "quote_version", version.id
    create(
        Order, source=version, purpose="order", lines=lines, quote_version_id=version.id,
        opportunity_id=version.opportunity_id, owner_id=version.owner_id,
        **{name: getattr(version, name) for name in TERMS}, **version.parties(),
    )  # fmt: skip
