"""One organization with books, for the tests of the ledger: units of work, postings by short names, raw SQL."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connections

from guantong.base.clock import now
from guantong.base.ids import uuid7
from guantong.engine.access.actor import Actor
from guantong.engine.org.entity import Entity
from guantong.engine.states.call import Call
from guantong.engine.states.closing import close
from guantong.engine.states.unit import Unit
from guantong.engine.tenancy.organization import Organization
from guantong.engine.tenancy.scope import scope
from guantong.modules.ledger.checks import check_entity
from guantong.modules.ledger.journal import JournalEntry, JournalLine
from guantong.modules.ledger.period import Period
from guantong.modules.ledger.post import Posting, post, reverse
from guantong.modules.ledger.rate import ExchangeRate

OWN_CHECKS = (
    "entries balance",
    "lines belong to their entries",
    "months and periods agree",
    "numbers have no gaps",
    "the clearing account is even",
)


class Bookkeeper:
    """Books of one entity. Amounts are text, debits above zero."""

    def __init__(self, base_currency: str = "CNY") -> None:
        self.tenant = Organization.objects.create(name="华辰集团", created_at=now()).id
        with self.unit() as unit:
            self.entity = unit.create(Entity, name="华辰装备", code="HC", base_currency=base_currency)

    @contextmanager
    def unit(self) -> Iterator[Unit]:
        """A transaction in which the house itself works."""
        with scope(self.tenant):
            facts = ("code", "name", "base_currency", "price_basis", "rounding")
            entities = tuple(
                {"id": str(e.id), **{name: getattr(e, name) for name in facts}}
                for e in Entity.objects.order_by("position", "id")
            )
            unit = Unit(Call(actor=Actor(tenant=self.tenant, system=True, kind="robot", entities=entities)))
            with unit.open():
                yield unit
                close(unit)

    def rate(self, currency: str, on: str, rate: str) -> None:
        with self.unit() as unit:
            unit.create(
                ExchangeRate,
                currency=currency,
                base_currency=self.entity.base_currency,
                on=date.fromisoformat(on),
                rate=Decimal(rate),
            )

    def post(self, on: str, *lines: Posting, source: Any = None, **more: Any) -> JournalEntry:
        """An entry of its own unit of work."""
        with self.unit():
            entry = post(
                source or self.entity, on=date.fromisoformat(on), entity=self.entity, lines=lines, **more
            )
        return entry

    def sale(
        self, on: str, net: str, tax: str, *, currency: str = "CNY", memo: str = "", **more: Any
    ) -> JournalEntry:
        """Dr receivable · Cr revenue · Cr deferred VAT."""
        gross = str(Decimal(net) + Decimal(tax))
        return self.post(
            on,
            line("receivable", gross, currency, **more),
            line("revenue", str(-Decimal(net)), currency, **more),
            line("deferred_vat", str(-Decimal(tax)), currency, **more),
            memo=memo,
        )

    def reverse(self, entry: JournalEntry, on: str) -> JournalEntry:
        with self.unit():
            return reverse(entry, on=date.fromisoformat(on))

    def lines(self, entry: JournalEntry) -> list[JournalLine]:
        with scope(self.tenant):
            return list(JournalLine.objects.filter(header_id=entry.id).order_by("position"))

    def entries(self) -> list[JournalEntry]:
        with scope(self.tenant):
            return list(JournalEntry.objects.order_by("id"))

    def findings(self) -> list[str]:
        """What the ledger's own checks find wrong here; nothing bears these entries in the modules above."""
        organization = Organization.objects.get(id=self.tenant)
        with scope(self.tenant):
            entities = list(Entity.objects.order_by("code"))
            found = [
                text
                for entity in entities
                for text in check_entity(entity, organization, show=lambda _: None)
            ]
        return [text for text in found if text.split(":")[0] in OWN_CHECKS]

    @contextmanager
    def period(self, month: str) -> Iterator[Period]:
        """A month's period, locked in a unit of work."""
        with self.unit() as unit:
            (period,) = unit.lock(Period, [Period.objects.get(entity=self.entity, month=month).id])
            yield period

    def close_month(self, month: str) -> None:
        with self.period(month) as period:
            period.close(reason="done")


def line(role: str, amount: str, currency: str = "CNY", **more: Any) -> Posting:
    """A posting with amounts as text."""
    for name in ("base", "rate"):
        if isinstance(more.get(name), str):
            more[name] = Decimal(more[name])
    return Posting(role=role, amount=Decimal(amount), currency=currency, **more)


def raw_entry(
    books: Bookkeeper,
    lines: list[tuple[str, str, str]],
    *,
    account: UUID,
    using: str,
    header: dict[str, Any] | None = None,
) -> None:
    """Insert an entry by one SQL statement: (currency, amount, base amount) each. Needs an open transaction."""
    facts = {
        "id": uuid7(),
        "on": "2026-03-02",
        "month": "2026-03",
        "line_count": len(lines),
        "kind": "normal",
    }
    facts |= {"line_entity": books.entity.id, "keep_head": True, "keep_lines": True, **(header or {})}
    head = f"""INSERT INTO ledger_journalentry (tenant, id, number, version, event_no, created_at, changed_at,
            happened_at, adopted, extra, grams, entity_id, "on", month, kind, memo, base_currency, policy,
            policy_edition, line_count)
        VALUES ('{books.tenant}', '{facts["id"]}', 'RAW-{uuid7()}', 1, 1, now(), now(), now(), false, '{{}}', '{{}}',
            '{books.entity.id}', '{facts["on"]}', '{facts["month"]}', '{facts["kind"]}', '', 'CNY', 'standard', 1,
            {facts["line_count"]})"""
    rows = ", ".join(
        f"('{books.tenant}'::uuid, '{uuid7()}'::uuid, {place}, '{facts['id']}'::uuid, '{facts['line_entity']}'::uuid, "
        f"'{facts['on']}'::date, '{account}'::uuid, 'receivable', '{currency}', {_number(amount)}, {_number(base)}, "
        "'{}'::jsonb)"
        for place, (currency, amount, base) in enumerate(lines)
    )
    tail = f"""INSERT INTO ledger_journalline (tenant, id, position, header_id, entity, "on", account_id, role,
        currency, amount, base_amount, dimensions) VALUES {rows}"""
    parts = [part for part, kept in ((head, facts["keep_head"]), (tail, facts["keep_lines"])) if kept]
    sql = f"WITH head AS ({parts[0]}) {parts[1]}" if len(parts) == 2 else parts[0]
    with connections[using].cursor() as cursor:
        cursor.execute(sql)


def _number(text: str) -> str:
    return f"'{text}'::numeric"
