"""A tenant's entries as an aligned plain-text ledger, so that an accountant can read what a story expects.

    2026-03-05  JV-2026-000001  INV-2026-00001
        Dr  receivable    1122       339,000.00 CNY
        Cr  revenue       6001       300,000.00 CNY
        Cr  deferred_vat  222110      39,000.00 CNY

The heading ends with the entry's memo, else with the number of the document behind it. A line in foreign
currency also shows its base amount and rate: `100.00 USD = 710.00 CNY @ 7.1`.
"""

from __future__ import annotations

from decimal import Decimal
from textwrap import dedent
from typing import Any
from uuid import UUID

from guantong.base.money import to_text
from guantong.engine.objects.registry import by_name
from guantong.engine.org.entity import Entity
from guantong.engine.tenancy.scope import scope
from guantong.modules.ledger.account import LedgerAccount
from guantong.modules.ledger.journal import JournalEntry, JournalLine


def ledger_text(tenant: UUID, *, entity: UUID | None = None, kinds: tuple[str, ...] = ()) -> str:
    """Every entry, oldest first; of one entity or of some kinds when they are named."""
    with scope(tenant):
        wanted = JournalEntry.objects.order_by("on", "id")
        wanted = wanted.filter(entity_id=entity) if entity else wanted
        entries = list(wanted.filter(kind__in=kinds) if kinds else wanted)
        lines: dict[UUID, list[JournalLine]] = {}
        for line in JournalLine.objects.order_by("header_id", "position"):
            lines.setdefault(line.header_id, []).append(line)
        codes = dict(LedgerAccount.objects.values_list("id", "code"))
        several = Entity.objects.count() > 1 and entity is None
        names = dict(Entity.objects.values_list("id", "code"))
        sources = _sources(entries)
    return "\n".join(
        _entry(
            entry,
            lines[entry.id],
            codes,
            names[entry.entity_id] if several else "",
            sources.get(entry.source_id, ""),
        )
        for entry in entries
    )


def _sources(entries: list[JournalEntry]) -> dict[UUID, str]:
    """The numbers of the documents behind the entries."""
    ids: dict[str, set[UUID]] = {}
    for entry in entries:
        ids.setdefault(entry.source_object or "", set()).add(entry.source_id)
    found: dict[UUID, str] = {}
    for name, wanted in ids.items():
        if name in by_name() and by_name()[name].series is not None:
            found |= dict(by_name()[name].model.objects.filter(id__in=wanted).values_list("id", "number"))
    return found


def _entry(
    entry: JournalEntry, lines: list[JournalLine], codes: dict[UUID, str], entity: str, source: str
) -> str:
    kind = f"({entry.kind})" if entry.kind != "normal" else ""
    parts = (entry.on.isoformat(), entry.number, entity, kind, entry.memo or source)
    head = "  ".join(part for part in parts if part)
    rows = [_row(line, codes, entry.base_currency) for line in lines]
    role, code, amount = (max(len(row[place]) for row in rows) for place in (1, 2, 3))
    body = (
        f"    {side}  {name:<{role}}  {number:<{code}}  {figure:>{amount}} {rest}".rstrip()
        for side, name, number, figure, rest in rows
    )
    return "\n".join([head, *body])


def _row(line: JournalLine, codes: dict[UUID, str], base_currency: str) -> tuple[str, str, str, str, str]:
    value = line.amount or line.base_amount
    rest = line.currency
    if line.currency != base_currency:
        rest += f" = {_figure(abs(line.base_amount), base_currency)} {base_currency}"
        rest += f" @ {line.rate.normalize():f}" if line.rate else ""
    side, figure = "Dr" if value > 0 else "Cr", _figure(abs(line.amount), line.currency)
    return side, line.role, codes[line.account_id], figure, rest


def _figure(amount: Decimal, currency: str) -> str:
    whole, point, cents = to_text(amount, currency).partition(".")
    return f"{int(whole):,}{point}{cents}"


def same_ledger(found: str, expected: str) -> None:
    """Compare with text as written in a test: indented, with blank lines around and between entries."""
    wanted = [row.rstrip() for row in dedent(expected).splitlines() if row.strip()]
    rows: list[Any] = found.splitlines()
    assert rows == wanted, "the ledger reads:\n" + found
