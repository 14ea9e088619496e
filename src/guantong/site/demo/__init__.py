"""The demo company 华辰集团: six months of believable history, made through the one door with the clock turned back."""

from __future__ import annotations

from django.db import connection

from guantong.engine.tenancy.organization import Organization
from guantong.engine.tenancy.scope import scope
from guantong.modules.collection.allocation import Allocation
from guantong.modules.invoicing.invoice import Invoice
from guantong.modules.pipeline.opportunity import Opportunity
from guantong.modules.quoting.quote_version import QuoteVersion
from guantong.site.demo.cast import NAME, SIGN_IN, hire
from guantong.site.demo.company import Company
from guantong.site.demo.history import live
from guantong.site.demo_card import Step
from guantong.site.folder import derived


def present() -> bool:
    """Whether the demo company is there."""
    return Organization.objects.filter(name=NAME).exists()


def build() -> Company | None:
    """Build it, unless it is there; the same every time but for the day it ends on."""
    if present():
        return None
    with connection.cursor() as cursor:  # what a crash would lose here is built again
        cursor.execute("SET synchronous_commit = off")
    company = hire(sign_in()[1])
    live(company)
    Organization.objects.filter(id=company.tenant).update(name=NAME)
    with connection.cursor() as cursor:
        cursor.execute("RESET synchronous_commit")
    return company


def sign_in() -> tuple[str, str]:
    """E-mail and password of the demo's administrator; the password is made for this installation."""
    return SIGN_IN, f"demo-{derived('demo')[:12]}"


def road() -> list[Step]:
    """One deal from lead to cash, the first that was settled; empty where there is none."""
    organization = Organization.objects.filter(name=NAME).first()
    if organization is None:
        return []
    with scope(organization.id):
        invoice = (
            Invoice.objects.filter(state="settled", order__opportunity__lead__isnull=False)
            .order_by("id")
            .first()
        )
        return _steps(invoice) if invoice else []


def _steps(invoice: Invoice) -> list[Step]:
    order = invoice.order
    deal = Opportunity.objects.get(id=order.opportunity_id)
    version = QuoteVersion.objects.get(id=order.quote_version_id)
    paid = Allocation.objects.filter(invoice=invoice, state="active").select_related("receipt").order_by("id")
    steps = [
        Step("线索", "lead", deal.lead.name, f"lead.state.{deal.lead.state}"),
        Step("商机", "opportunity", deal.number, f"opportunity.state.{deal.state}", f"{deal.amount:,.2f}"),
        Step(
            "报价", "quote", version.number, f"quote_version.state.{version.state}", f"{version.gross:,.2f}"
        ),
        Step("订单", "order", order.number, f"order.state.{order.state}", f"{order.gross:,.2f}"),
        Step("应收单", "invoice", invoice.number, f"invoice.state.{invoice.state}", f"{invoice.gross:,.2f}"),
    ]
    return steps + [
        Step(
            "收款",
            "receipt",
            found.receipt.number,
            f"receipt.state.{found.receipt.state}",
            f"{found.amount:,.2f}",
        )
        for found in paid
    ]
