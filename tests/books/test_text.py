"""The plain-text ledger itself: columns, thousands, entities, and that a difference is seen."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from guantong.base import clock
from guantong.engine.org.entity import Entity
from guantong.modules.ledger.post import post
from tests.books.text import ledger_text, same_ledger
from tests.modules.ledger.bookkeeper import Bookkeeper, line


@pytest.fixture
def books():
    with clock.frozen(datetime(2026, 3, 2, 9, 0, tzinfo=UTC)):
        yield Bookkeeper()


def test_a_sale_reads_as_an_accountant_writes_it(books):
    books.sale("2026-03-05", "300000.00", "39000.00", memo="HC-2026-0117")
    expected = """
        2026-03-05  JV-2026-000001  HC-2026-0117
            Dr  receivable    1122    339,000.00 CNY
            Cr  revenue       6001    300,000.00 CNY
            Cr  deferred_vat  222110   39,000.00 CNY
    """
    same_ledger(ledger_text(books.tenant), expected)
    with pytest.raises(AssertionError, match="the ledger reads"):
        same_ledger(ledger_text(books.tenant), expected.replace("39,000", "39,001"))


def test_entities_are_named_where_there_are_several(books):
    with books.unit() as unit:
        other = unit.create(Entity, name="华辰工程", code="GC")
    with books.unit():
        for entity in (books.entity, other):
            post(
                entity,
                on=date(2026, 3, 5),
                entity=entity,
                lines=[line("bank", "1"), line("unclaimed", "-1")],
                memo="unknown payer",
            )
    assert [row for row in ledger_text(books.tenant).splitlines() if not row.startswith(" ")] == [
        "2026-03-05  JV-HC-2026-000001  HC  unknown payer",
        "2026-03-05  JV-GC-2026-000001  GC  unknown payer",
    ]
    assert len(ledger_text(books.tenant, entity=other.id).splitlines()) == 3
