"""Draw up the lines of an invoice: from what an order has left, or free ones from the catalogue; and its totals."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from guantong.base.currencies import exponent
from guantong.base.errors import Invalid, Refused
from guantong.engine.objects.registry import spec_of
from guantong.engine.states.unit import current_unit
from guantong.modules.catalog.priced import COPIED
from guantong.modules.catalog.pricing import fill_from_catalog
from guantong.modules.customers.parties import PARTIES
from guantong.modules.invoicing.known import known_for
from guantong.modules.invoicing.series import day_or_today
from guantong.modules.invoicing.share import NAMES, NOTHING, Figures, figures_of, part_of
from guantong.modules.ordering.order import Order, OrderLine, Progress

FACTS = tuple(name for name in COPIED if name not in NAMES and name != "discount_amount")


def take_parties(invoice: Any, order: Order) -> None:
    """Copy parties and terms from the order where the invoice names none; entity and currency are the order's."""
    for name in PARTIES:
        if getattr(invoice, f"{name}_id") is None:
            setattr(invoice, f"{name}_id", getattr(order, f"{name}_id"))
    invoice.entity_id, invoice.currency = order.entity_id, order.currency
    invoice.deal = order.opportunity_id
    invoice.customer_ref = invoice.customer_ref or order.customer_ref


def lines_of_order(order: UUID) -> list[OrderLine]:
    """The lines of an order: those at hand when it is locked, else one statement."""
    held = current_unit().records.get((Order, order))
    return held.lines if held else list(OrderLine.objects.filter(header_id=order).order_by("position"))


def draw(invoice: Any, billed: Mapping[UUID, Figures] | None = None) -> None:
    """Lines and totals of a draft; `billed` is read when it is not given."""
    if invoice.order_id:
        lines = lines_of_order(invoice.order_id)
        draw_from_order(
            invoice, lines, known_for(invoice.order_id, None, ()).billed if billed is None else billed
        )
    draw_free_lines(invoice)
    add_up(invoice)


def bill(invoice: Any, order: Order, billed: Mapping[UUID, Figures]) -> None:
    """Tell the locked order what it is billed with this invoice. Raises Refused: order_not_open."""
    if order.state in ("draft", "cancelled"):
        raise Refused("order_not_open", state=order.state)
    now_billed = dict(billed)
    for line in invoice.lines:
        if line.order_line:
            now_billed[line.order_line] = now_billed.get(line.order_line, NOTHING) + figures_of(line)
    order.set_invoiced(progress_of(order.lines, now_billed))


def draw_from_order(invoice: Any, lines: list[OrderLine], billed: Mapping[UUID, Figures]) -> None:
    """Give the invoice's lines their share of the order's; without lines, all that is left of each.

    Raises Invalid: unknown_line; Refused: more_than_left, nothing_to_bill, with the line named.
    """
    order, taken = {line.id: line for line in lines}, dict(billed)
    if not invoice.lines:
        left = [line for line in lines if not (figures_of(line) - taken.get(line.id, NOTHING)).is_empty]
        if lines and not left:
            raise Refused("nothing_to_bill")
        invoice.lines = [spec_of(invoice).line_model(order_line=line.id) for line in left]
    for index, line in enumerate(invoice.lines):
        if line.order_line is None:
            continue
        if line.order_line not in order:
            raise Invalid("unknown_line", field=f"lines.{index}.order_line")
        _take(invoice, line, order[line.order_line], taken, f"lines.{index}")


def _take(invoice: Any, line: Any, source: OrderLine, taken: dict[UUID, Figures], at: str) -> None:
    before, places = taken.get(source.id, NOTHING), exponent(invoice.currency)
    try:
        part = part_of(figures_of(source), before, quantity=line.quantity, gross=line.amount, places=places)
    except Refused as problem:
        problem.field = f"{at}.{'quantity' if line.amount is None else 'amount'}"
        raise
    taken[source.id] = before + part
    copy_line(line, source, part)
    line.source_object, line.source_id = "order", source.header_id


def copy_line(line: Any, source: Any, part: Figures) -> None:
    """The facts of the source line by value, with the figures of the part (law 6: copied, never recomputed)."""
    for name in FACTS:
        if name != "description" or not line.description:
            setattr(line, name, getattr(source, name))
    for name in NAMES:
        setattr(line, name, getattr(part, name))
    line.discount_amount = source.discount_amount if part == figures_of(source) else None
    line.source_line, line.source_quantity, line.source_amount = source.id, part.quantity, part.gross


def draw_free_lines(invoice: Any) -> None:
    """Prices, taxes and amounts of the lines that come from no order."""
    actor = current_unit().call.actor
    entity = actor.entity(invoice.entity_id)
    invoice.rounding = invoice.rounding or (entity["rounding"] if entity else "line")
    free = [line for line in invoice.lines if line.order_line is None]
    for line in free:
        line.quantity = 1 if line.quantity is None else line.quantity
        line.price_basis = line.price_basis or (
            "" if line.product_id else entity["price_basis"] if entity else ""
        )
    fill_from_catalog(free, customer=invoice.customer_id, currency=invoice.currency, on=day_or_today())
    invoice.work_out(free)


def add_up(document: Any) -> None:
    """Totals of a document as the sums of its lines."""
    for name in ("net", "tax", "gross"):
        setattr(document, name, sum((getattr(line, name) for line in document.lines), start=NOTHING.net))


def progress_of(lines: list[OrderLine], billed: Mapping[UUID, Figures]) -> list[Progress]:
    """What an order's lines were billed, absolute."""
    return [
        Progress(
            line=line.id,
            quantity=billed.get(line.id, NOTHING).quantity,
            gross=billed.get(line.id, NOTHING).gross,
        )
        for line in lines
    ]
