"""Only balanced entries of open months come in, and nothing is changed, whoever writes SQL (trust.md M2, M10)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import Error, connections, transaction

from guantong.base.ids import uuid7
from guantong.engine.tenancy.scope import scope
from guantong.modules.ledger.account import LedgerAccount
from tests.modules.ledger.bookkeeper import Bookkeeper, raw_entry

GOOD = [("CNY", "100", "100"), ("CNY", "-100", "-100")]
FOREIGN = [("USD", "100", "700"), ("CNY", "-700", "-700")]
BAD = {
    "one-sided": ([("CNY", "100", "100"), ("CNY", "-99", "-99")], {}, "entry_unbalanced"),
    "foreign": (FOREIGN, {}, "entry_unbalanced"),
    "foreign exchange": (FOREIGN, {"kind": "exchange"}, "entry_unbalanced"),
    "not a number": ([("CNY", "NaN", "NaN"), ("CNY", "-100", "-100")], {}, "ledger_line_number"),
    "single line of nothing": ([("CNY", "0", "0")], {}, "entry_incomplete"),
    "no lines but counted": (GOOD, {"line_count": 3}, "entry_incomplete"),
    "base differs": ([("CNY", "100", "90"), ("CNY", "-100", "-90")], {}, "lines_differ_from_entry"),
    "other entity": (GOOD, {"line_entity": uuid7()}, "lines_differ_from_entry"),
    "month not of the day": (GOOD, {"month": "2026-04"}, "period_closed"),
    "month unknown": (GOOD, {"on": "2026-05-01", "month": "2026-05"}, "period_closed"),
    "day of another month": (GOOD, {"on": "2026-05-01"}, "entry_in_wrong_period"),
    "wrong side": ([("USD", "1", "-7"), ("USD", "-1", "7")], {}, "ledger_line_side"),
}
CHANGES = [
    "UPDATE ledger_journalentry SET memo = 'x' WHERE tenant = '{tenant}'",
    "UPDATE ledger_journalline SET amount = amount * 2, base_amount = base_amount * 2 WHERE tenant = '{tenant}'",
    "UPDATE ledger_journalline SET customer = NULL WHERE tenant = '{tenant}'",
    "DELETE FROM ledger_journalline WHERE tenant = '{tenant}'",
    "DELETE FROM ledger_journalentry WHERE tenant = '{tenant}'",
    "TRUNCATE ledger_journalline",
    "TRUNCATE ledger_journalentry CASCADE",
]


@contextmanager
def writing_as(alias: str, books: Bookkeeper) -> Iterator[None]:
    """A transaction of the application's role, or of the owner under no tenant's limits."""
    if alias == "default":
        with scope(books.tenant):
            yield
    else:
        with transaction.atomic(using=alias):
            yield


@pytest.fixture(params=["default", "owner"])
def alias(request):
    return request.param


@pytest.fixture
def account(books):
    books.sale("2026-03-02", "1", "0")
    with scope(books.tenant):
        return LedgerAccount.objects.get(code="1122").id


def test_balanced_entry_comes_in(books, account, alias):
    with writing_as(alias, books):
        raw_entry(books, GOOD, account=account, using=alias)
    assert len(books.entries()) == 2


@pytest.mark.parametrize("name", BAD)
def test_bad_entry_is_refused(books, account, alias, name):
    lines, header, message = BAD[name]
    with pytest.raises(Error, match=message), writing_as(alias, books):
        raw_entry(books, lines, account=account, header=header, using=alias)
    assert len(books.entries()) == 1


def test_entry_without_its_lines_is_refused(books, account, alias):
    with pytest.raises(Error, match="entry_incomplete"), writing_as(alias, books):
        raw_entry(books, GOOD, account=account, header={"keep_lines": False}, using=alias)


def test_balanced_lines_cannot_follow_later(books, account, alias):
    (entry,) = books.entries()
    with pytest.raises(Error, match="entry_incomplete"), writing_as(alias, books):
        raw_entry(books, GOOD, account=account, header={"id": entry.id, "keep_head": False}, using=alias)


@pytest.mark.parametrize("statement", CHANGES)
def test_posted_rows_are_never_changed(books, account, alias, statement):
    wanted = "permission denied" if alias == "default" else "journal_is_append_only"
    with pytest.raises(Error, match=wanted), writing_as(alias, books), connections[alias].cursor() as cursor:
        cursor.execute(statement.format(tenant=books.tenant))


def test_closed_month_takes_nothing(books, account, alias):
    books.close_month("2026-03")
    with pytest.raises(Error, match="period_closed"), writing_as(alias, books):
        raw_entry(books, GOOD, account=account, using=alias)


def test_temporary_table_does_not_open_a_closed_month(books, account):
    books.close_month("2026-03")
    with pytest.raises(Error, match="period_closed"), scope(books.tenant):
        with connections["default"].cursor() as cursor:
            cursor.execute("CREATE TEMP TABLE ledger_period (LIKE public.ledger_period) ON COMMIT DROP")
            cursor.execute("INSERT INTO pg_temp.ledger_period SELECT * FROM public.ledger_period")
            cursor.execute("UPDATE pg_temp.ledger_period SET state = 'open'")
        raw_entry(books, GOOD, account=account, using="default")


def test_line_of_another_tenants_account_is_refused(books, account):
    other = Bookkeeper()
    with scope(other.tenant):
        foreign = LedgerAccount.objects.get(code="1122").id
    with pytest.raises(Error, match="violates foreign key"), scope(books.tenant):
        raw_entry(books, GOOD, account=foreign, using="default")
