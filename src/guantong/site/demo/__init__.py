"""The demo company 华辰集团: six months of believable history, made through the one door with the clock turned back."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db import connection

from guantong.engine.objects.labels import LANGUAGES, label
from guantong.engine.objects.registry import spec_of
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
        _step("线索", deal.lead, deal.lead.name),
        _step("商机", deal, deal.number, deal.amount),
        _step("报价", version, version.number, version.gross),
        _step("订单", order, order.number, order.gross),
        _step("应收单", invoice, invoice.number, invoice.gross),
    ]
    return steps + [_step("收款", found.receipt, found.receipt.number, found.amount) for found in paid]


def _step(zh: str, record: Any, number: str, amount: Decimal | None = None) -> Step:
    spec = spec_of(record)
    states = [
        label(f"{spec.name}.state.{record.state}", language, common=f"choice.state.{record.state}")
        for language in LANGUAGES
    ]
    shown = "" if amount is None else f"{amount:,.2f}"
    return Step(zh, spec.name.replace("_", " "), number, states[0], states[1], shown)
