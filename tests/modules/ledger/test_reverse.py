"""Reversal: the negative of what was copied, once."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from guantong.base.errors import Refused
from guantong.base.ids import uuid7
from guantong.engine.tenancy.scope import scope
from guantong.modules.ledger.account import LedgerAccount
from guantong.modules.ledger.account_role import AccountRole
from guantong.modules.ledger.post import entries_behind, post, reverse
from tests.modules.ledger.bookkeeper import line


@pytest.fixture
def sold(books):
    books.rate("USD", "2026-03-01", "7.1")
    more = {"customer": uuid7(), "order": uuid7(), "dimensions": {"region": "east"}}
    lines = [line("receivable", "100.00", "USD", **more), line("revenue", "-100.00", "USD", **more)]
    return books.post("2026-03-05", *lines, memo="sale")


def test_amounts_are_copied_though_rates_and_roles_moved(books, sold):
    books.rate("USD", "2026-03-01", "9")
    with books.unit() as unit:
        own = unit.create(LedgerAccount, code="112201", name="应收", kind="asset")
    with scope(books.tenant):
        AccountRole.objects.filter(role="receivable").update(account_id=own.id)
    entry = books.reverse(sold, "2026-03-09")
    assert (entry.kind, entry.reverses_id, entry.memo) == ("reversal", sold.id, "sale")
    assert (entry.source_object, entry.source_id) == (sold.source_object, sold.source_id)
    kept = ("account_id", "role", "currency", "rate", "rate_on", "customer", "order", "dimensions")
    for old, new in zip(books.lines(sold), books.lines(entry), strict=True):
        assert (new.amount, new.base_amount) == (-old.amount, -old.base_amount)
        assert [getattr(new, name) for name in kept] == [getattr(old, name) for name in kept]
    assert books.lines(entry)[0].base_amount == Decimal(-710)
    with scope(books.tenant):
        assert entries_behind(books.entity) == []


def test_only_once(books, sold):
    books.reverse(sold, "2026-03-09")
    with pytest.raises(Refused, match="already_reversed"):
        books.reverse(sold, "2026-03-10")


def test_only_once_within_a_unit(books, sold):
    with pytest.raises(Refused, match="already_reversed"), books.unit():
        reverse(sold, on=sold.on)
        reverse(sold, on=sold.on)
    assert len(books.entries()) == 1


def test_not_before_its_entry(books, sold):
    with pytest.raises(Refused, match="reversal_too_early"):
        books.reverse(sold, "2026-03-04")


def test_entry_of_the_same_unit(books):
    with books.unit():
        lines = [line("bank", "1"), line("unclaimed", "-1")]
        first = post(books.entity, on=date(2026, 3, 5), entity=books.entity, lines=lines)
        second = reverse(first, on=first.on)
    assert sum(row.base_amount for row in books.lines(first) + books.lines(second) if row.role == "bank") == 0
