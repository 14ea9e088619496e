"""`guantong books check` finds what is wrong: each fault is written by the owner with the guards off."""

from __future__ import annotations

from contextlib import contextmanager

import pytest
from django.db import connections, transaction

from guantong.engine.tenancy.scope import scope
from guantong.modules.ledger import checks
from guantong.modules.ledger.checks import check_control, register_check, run

FAULTS = {
    "entries balance": "UPDATE ledger_journalline SET amount = amount + 1, base_amount = base_amount + 1 "
    "WHERE tenant = '{tenant}' AND role = 'revenue'",
    "lines belong to their entries": "UPDATE ledger_journalentry SET line_count = 9 WHERE tenant = '{tenant}'",
    "months and periods agree": "UPDATE ledger_journalentry SET month = '2026-04' WHERE tenant = '{tenant}'",
    "numbers have no gaps": "UPDATE ledger_journalentry SET number = 'JV-2026-000009' "
    "WHERE tenant = '{tenant}' AND number = 'JV-2026-000001'",
    "the clearing account is even": "UPDATE ledger_journalline SET role = 'clearing' "
    "WHERE tenant = '{tenant}' AND role = 'revenue'",
}


@contextmanager
def guards_off():
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        yield cursor


@pytest.fixture
def sold(books):
    books.sale("2026-03-05", "1000", "130")
    books.sale("2026-03-06", "1000", "130")
    return books


def test_right_books(sold):
    assert sold.findings() == []


@pytest.mark.parametrize("name", FAULTS)
def test_fault_is_found(sold, name):
    with guards_off() as cursor:
        cursor.execute(FAULTS[name].format(tenant=sold.tenant))
    assert name in {finding.split(":")[0] for finding in sold.findings()}


def test_lost_entry_is_found(sold):
    with guards_off() as cursor:
        last = "SELECT id FROM ledger_journalentry WHERE tenant = '{0}' AND number = 'JV-2026-000002'"
        cursor.execute(f"DELETE FROM ledger_journalline WHERE header_id = ({last})".format(sold.tenant))
        cursor.execute(f"DELETE FROM ledger_journalentry WHERE id = ({last})".format(sold.tenant))
    assert sold.findings() == ["numbers have no gaps: 2026: 1 numbers up to 1, the counter stands at 2"]


def test_other_modules_register_theirs(sold, monkeypatch):
    monkeypatch.setattr(checks, "_checks", dict(checks._checks))

    @register_check("receivable equals open invoices")
    def _(entity):
        yield from check_control(entity, "receivable", 2261)

    shown = []
    findings = [found for found in run(show=shown.append) if "open invoices" in found]
    assert (
        "华辰集团 HC: receivable equals open invoices: receivable stands at 2260.0000, the sub-ledger at 2261"
        in findings
    )
    assert "华辰集团 HC: receivable equals open invoices: 1 wrong" in shown
    with pytest.raises(RuntimeError, match="two checks"):
        register_check("entries balance")(lambda entity: ())
    with scope(sold.tenant):
        assert list(check_control(sold.entity, "receivable", 2260)) == []
