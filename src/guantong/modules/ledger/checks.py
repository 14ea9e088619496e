"""`guantong books check`: what must hold of the books of every entity. Other modules register theirs.

A check takes a legal entity, inside its tenant's scope, and yields a finding for each thing that is wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from guantong.engine.org.entity import Entity
from guantong.engine.tenancy.organization import Organization
from guantong.engine.tenancy.scope import current_tenant, scope
from guantong.modules.ledger.balances import balance_of, read_rows

Check = Callable[[Any], Iterable[str]]
_checks: dict[str, Check] = {}


def register_check(name: str) -> Callable[[Check], Check]:
    """Add a check under a name: `@register_check("receivable equals open invoices")`."""

    def register(check: Check) -> Check:
        if name in _checks:
            raise RuntimeError(f"two checks are called {name}")
        _checks[name] = check
        return check

    return register


def run(*, show: Callable[[str], None] = print) -> list[str]:
    """Run every check on every entity of every organization; one line each is shown, the findings are returned."""
    findings: list[str] = []
    for organization in Organization.objects.order_by("name", "id"):
        with scope(organization.id):
            for entity in Entity.objects.order_by("position", "code"):
                findings += [
                    f"{organization.name} {entity.code}: {found}"
                    for found in check_entity(entity, organization, show)
                ]
    return findings


def check_entity(entity: Any, organization: Any, show: Callable[[str], None] = print) -> Iterator[str]:
    """Run every check on one entity, inside its tenant's scope."""
    for name, check in _checks.items():
        found = [f"{name}: {finding}" for finding in check(entity)]
        show(f"{organization.name} {entity.code}: {name}: {'right' if not found else f'{len(found)} wrong'}")
        yield from found


def check_control(entity: Any, role: str, expected: Any) -> Iterator[str]:
    """Compare the base balance of a role with what a sub-ledger says it should be."""
    found = balance_of(role, entity=entity).base
    if found != expected:
        yield f"{role} stands at {found}, the sub-ledger at {expected}"


@register_check("entries balance")
def _balance(entity: Any) -> Iterator[str]:
    sql = """SELECT h.number, l.currency, sum(l.amount) AS rest, sum(l.base_amount) AS base_rest
        FROM ledger_journalentry h JOIN ledger_journalline l ON l.tenant = %s AND l.header_id = h.id
        WHERE h.tenant = %s AND h.entity_id = %s GROUP BY GROUPING SETS ((h.id, h.number, l.currency), (h.id, h.number))
        HAVING CASE WHEN l.currency IS NULL THEN sum(l.base_amount) <> 0
            ELSE l.currency <> %s AND sum(l.amount) <> 0 END"""
    tenant = current_tenant()
    for row in read_rows(sql, [tenant, tenant, entity.id, entity.base_currency]):
        where = (
            f"{row['rest']} {row['currency']}" if row["currency"] else f"{row['base_rest']} in base currency"
        )
        yield f"{row['number']} is off by {where}"


@register_check("lines belong to their entries")
def _lines(entity: Any) -> Iterator[str]:
    sql = """SELECT h.number, h.line_count, count(l.id) AS found,
        bool_and(l.entity = h.entity_id AND l."on" = h."on") AS same
        FROM ledger_journalentry h LEFT JOIN ledger_journalline l ON l.tenant = %s AND l.header_id = h.id
        WHERE h.tenant = %s AND h.entity_id = %s GROUP BY h.id, h.number, h.line_count
        HAVING count(l.id) <> h.line_count OR bool_and(l.entity = h.entity_id AND l."on" = h."on") IS NOT TRUE"""
    tenant = current_tenant()
    for row in read_rows(sql, [tenant, tenant, entity.id]):
        yield f"{row['number']} has {row['found']} of {row['line_count']} lines, alike: {row['same']}"


@register_check("months and periods agree")
def _periods(entity: Any) -> Iterator[str]:
    sql = """SELECT h.number, h.month, h."on", p.id AS period FROM ledger_journalentry h
        LEFT JOIN ledger_period p ON p.tenant = %s AND p.entity_id = h.entity_id AND p.month = h.month
        WHERE h.tenant = %s AND h.entity_id = %s AND (p.id IS NULL OR h.month <> to_char(h."on", 'YYYY-MM'))"""
    tenant = current_tenant()
    for row in read_rows(sql, [tenant, tenant, entity.id]):
        yield f"{row['number']} of {row['on']} stands in {row['month']}"


@register_check("numbers have no gaps")
def _numbers(entity: Any) -> Iterator[str]:
    sql = """WITH given AS (SELECT extract(year FROM "on")::int AS year,
            substring(number FROM '[0-9]+$')::bigint AS value FROM ledger_journalentry
            WHERE tenant = %s AND entity_id = %s),
        series AS (SELECT year, count(*) AS found, count(DISTINCT value) AS different, max(value) AS last
            FROM given GROUP BY year)
        SELECT s.*, c.value AS counter FROM series s LEFT JOIN numbering_counter c
            ON c.tenant = %s AND c.key = 'JV/' || %s || '/' || s.year
        WHERE s.found <> s.last OR s.different <> s.last OR c.value IS DISTINCT FROM s.last"""
    tenant = current_tenant()
    for row in read_rows(sql, [tenant, entity.id, tenant, str(entity.id)]):
        yield f"{row['year']}: {row['found']} numbers up to {row['last']}, the counter stands at {row['counter']}"


@register_check("the clearing account is even")
def _clearing(entity: Any) -> Iterator[str]:
    yield from check_control(entity, "clearing", 0)
