"""Month-end revaluation: monetary items only, base amounts only, a second run posts the rest only."""

from __future__ import annotations

from decimal import Decimal

import pytest

from guantong.base.errors import Invalid
from guantong.base.ids import uuid7
from guantong.engine.tenancy.scope import scope
from guantong.modules.ledger.balances import balance_of
from tests.books.text import ledger_text, same_ledger
from tests.modules.ledger.bookkeeper import line

HERE = {"kinds": ("revaluation",)}


def revalue(books, month="2026-03"):
    with books.period(month) as period:
        period.revalue()


@pytest.fixture
def dollars(books):
    """100 USD owed and 50 USD paid in advance, both at 7.1."""
    books.rate("USD", "2026-03-01", "7.1")
    books.sale("2026-03-05", "100.00", "0", currency="USD", customer=uuid7())
    books.post("2026-03-05", line("bank", "50.00", "USD"), line("contract_liability", "-50.00", "USD"))
    return books


def test_only_monetary_items_move(dollars):
    dollars.rate("USD", "2026-03-31", "7.2")
    revalue(dollars)
    same_ledger(
        ledger_text(dollars.tenant, **HERE),
        """
        2026-03-31  JV-2026-000003  (revaluation)  2026-03
            Dr  bank                1002   0.00 USD = 5.00 CNY @ 7.2
            Dr  receivable          1122   0.00 USD = 10.00 CNY @ 7.2
            Cr  exchange_gain_loss  6061  15.00 CNY
        """,
    )
    with scope(dollars.tenant):
        assert balance_of("contract_liability").base == Decimal(-355)


def test_second_run_posts_the_rest_only(dollars):
    dollars.rate("USD", "2026-03-31", "7.2")
    revalue(dollars)
    revalue(dollars)
    assert len([entry for entry in dollars.entries() if entry.kind == "revaluation"]) == 1
    dollars.rate("USD", "2026-03-31", "7.25")
    revalue(dollars)
    with scope(dollars.tenant):
        assert balance_of("receivable").base == Decimal(725)
        assert balance_of("exchange_gain_loss").base == Decimal("-22.5")


def test_customer_keeps_its_own_difference(dollars):
    customer = dollars.lines(dollars.entries()[0])[0].customer
    dollars.rate("USD", "2026-03-31", "7.2")
    revalue(dollars)
    with scope(dollars.tenant):
        assert balance_of("receivable", customer=customer).base == Decimal(720)


def test_missing_rate_stops_the_run(books):
    books.post("2026-03-05", line("bank", "1", "USD", rate="7"), line("revenue", "-1", "USD", rate="7"))
    with pytest.raises(Invalid, match="no_exchange_rate"):
        revalue(books)


def test_what_is_settled_after_revaluation_leaves_nothing(dollars):
    """trust.md M7 in small: foreign residual zero, the difference is on the exchange account."""
    dollars.rate("USD", "2026-03-31", "7.2")
    revalue(dollars)
    dollars.post(
        "2026-04-02",
        line("bank", "100.00", "USD", rate="7.3"),
        line("receivable", "-100.00", "USD", base="-720.00"),
        line("exchange_gain_loss", "-10.00"),
        kind="settlement",
    )
    with scope(dollars.tenant):
        assert balance_of("receivable").amounts == {} and balance_of("receivable").base == 0
        assert balance_of("exchange_gain_loss").base == Decimal(-25)
