"""Work drafts out: a priced document that is still edited gets prices, taxes and totals whenever its facts move.

Not here: issued documents. Those keep their amounts, and documents made from others copy them (law 6).
"""

from __future__ import annotations

from guantong.engine.states.unit import current_unit
from guantong.modules.catalog.priced import PricedDocument, PricedLine
from guantong.modules.catalog.pricing import fill_from_catalog

FACTS = ("currency", "rounding", "discount_percent", "discount_amount")


def price_draft(document: PricedDocument) -> list[PricedLine] | None:
    """Work the draft out when it is new, or its lines or terms of price moved; returns its lines then, else None.

    A new draft that was copied from another document keeps the copied amounts until somebody edits it.
    At most two statements. Raises Invalid with the line named.
    """
    if not _moved(document):
        return None
    unit, lines = current_unit(), document.lines
    entity = unit.call.actor.entity(document.entity_id) or {}
    document.rounding = document.rounding or entity.get("rounding", "line")
    for line in lines:
        if not line.price_basis and (line.price is not None or line.product_id is None):
            line.price_basis = entity.get("price_basis", "inclusive")
    fill_from_catalog(lines, customer=document.customer_id, currency=document.currency, on=unit.happened_on)
    document.work_out(lines)
    return lines


def _moved(document: PricedDocument) -> bool:
    if document.event_no == 0:  # amounts that stand already were copied, or adopted with the document
        return document.source_id is None and not any(line.gross for line in document.lines)
    unit = current_unit()
    before = unit.before.get((type(document), document.id))
    if before is None or any(before[name] != getattr(document, name) for name in FACTS):
        return True
    return document.__dict__.get("_lines") is not None and unit.events[-1].verb == "changed"
