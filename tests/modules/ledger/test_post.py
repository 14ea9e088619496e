"""Posting: what goes in, what is refused, and by how many statements."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from guantong.base.errors import Invalid, Refused
from guantong.base.ids import uuid7
from guantong.engine.org.entity import Entity
from guantong.engine.tenancy.scope import scope
from guantong.modules.ledger.account import LedgerAccount
from guantong.modules.ledger.account_role import AccountRole
from guantong.modules.ledger.install import chart
from guantong.modules.ledger.period import Period
from guantong.modules.ledger.post import Posting, entries_behind, post
from guantong.modules.ledger.posting_policy import PostingPolicy
from tests.modules.ledger.bookkeeper import Bookkeeper, line


def test_sale_is_entered_with_number_and_source(books):
    customer = uuid7()
    entry = books.sale("2026-03-05", "300000.00", "39000.00", customer=customer)
    assert entry.number == "JV-2026-000001"
    assert (entry.source_object, entry.source_id) == ("entity", books.entity.id)
    assert (entry.policy, entry.policy_edition, entry.month) == ("standard", 1, "2026-03")
    rows = [(row.role, row.amount, row.base_amount, row.customer) for row in books.lines(entry)]
    assert rows == [
        ("receivable", Decimal("339000"), Decimal("339000"), customer),
        ("revenue", Decimal("-300000"), Decimal("-300000"), customer),
        ("deferred_vat", Decimal("-39000"), Decimal("-39000"), customer),
    ]
    with scope(books.tenant):
        assert [found.id for found in entries_behind(books.entity)] == [entry.id]


def test_numbers_count_by_the_year_of_the_entry(books):
    numbers = [books.sale(on, "1", "0.13").number for on in ("2025-12-31", "2026-01-01", "2025-12-30")]
    assert numbers == ["JV-2025-000001", "JV-2026-000001", "JV-2025-000002"]


def test_one_statement_reads_all_that_posting_needs(books):
    books.sale("2026-03-05", "1", "0")
    books.rate("USD", "2026-03-01", "7.1")
    with books.unit(), CaptureQueriesContext(connection) as sent:
        post(
            books.entity,
            on=date(2026, 3, 6),
            entity=books.entity,
            lines=[line("receivable", "10", "USD"), line("revenue", "-10", "USD")],
        )
        assert len(sent) == 1


def test_unbalanced_entry_is_refused(books):
    with pytest.raises(Refused) as refused:
        books.post("2026-03-05", line("receivable", "100"), line("revenue", "-99.99"))
    assert refused.value.code == "entry_unbalanced"
    assert refused.value.params == {"currency": "CNY", "difference": "0.01"}
    assert books.entries() == []


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        ([("receivable", "100", "CNY", {})], "entry_empty"),
        ([("receivable", "0", "CNY", {}), ("revenue", "0", "CNY", {})], "entry_empty"),
        ([("receivable", "1", "CNY", {}), ("nowhere", "-1", "CNY", {})], "unknown_role_name"),
        ([("receivable", "1", "USD", {}), ("revenue", "-1", "USD", {})], "no_exchange_rate"),
        (
            [("receivable", "1", "CNY", {"base": "2"}), ("revenue", "-1", "CNY", {"base": "-2"})],
            "base_differs",
        ),
        (
            [("bank", "1", "USD", {"base": "-7"}), ("revenue", "-1", "USD", {"base": "7"})],
            "base_on_other_side",
        ),
        (
            [("bank", "1", "USD", {"rate": "0"}), ("revenue", "-1", "USD", {"rate": "0"})],
            "rate_not_above_zero",
        ),
        ([("bank", "1.001", "CNY", {}), ("revenue", "-1.001", "CNY", {})], "too_many_decimals"),
    ],
)
def test_what_cannot_be_posted(books, lines, code):
    with pytest.raises((Invalid, Refused)) as problem:
        books.post(
            "2026-03-05", *(line(role, amount, currency, **more) for role, amount, currency, more in lines)
        )
    codes = [found.code for found in getattr(problem.value, "problems", [problem.value])]
    assert set(codes) == {code}
    assert books.entries() == []


def test_floats_never_come_in(books):
    with pytest.raises(Invalid, match="amount_not_decimal"):
        books.post(
            "2026-03-05",
            Posting(role="bank", amount=1.5, currency="CNY"),
            Posting(role="revenue", amount=-1.5, currency="CNY"),
        )


def test_purpose_makes_a_source_post_once(books):
    lines = [line("receivable", "1"), line("revenue", "-1")]
    books.post("2026-03-05", *lines, purpose="issue")
    with pytest.raises(Exception, match="ledger_journalentry_s"):
        books.post("2026-03-05", *lines, purpose="issue")
    assert len(books.entries()) == 1


def test_unmapped_role_and_closed_account_are_refused(books):
    with books.unit() as unit:
        (bank,) = unit.lock(LedgerAccount, [LedgerAccount.objects.get(code="1002").id])
        bank.close()
        (role,) = unit.lock(AccountRole, [AccountRole.objects.get(role="unclaimed").id])
        unit.remove(role)
    with pytest.raises(Refused, match="account_closed"):
        books.post("2026-03-05", line("bank", "1"), line("revenue", "-1"))
    with pytest.raises(Refused, match="role_unmapped"):
        books.post("2026-03-05", line("receivable", "1"), line("unclaimed", "-1"))


def test_role_of_an_entity_goes_before_the_tenants(books):
    with books.unit() as unit:
        own = unit.create(LedgerAccount, code="100201", name="工行", kind="asset", is_monetary=True)
        unit.create(AccountRole, role="bank", account_id=own.id, only_for_id=books.entity.id)
        other = unit.create(Entity, name="华辰工程", code="GC")
    first = books.post("2026-03-05", line("bank", "1"), line("revenue", "-1"))
    with books.unit():
        second = post(
            books.entity, on=date(2026, 3, 5), entity=other, lines=[line("bank", "1"), line("revenue", "-1")]
        )
    assert books.lines(first)[0].account_id == own.id
    assert books.lines(second)[0].account_id != own.id


def test_policy_of_the_day_is_noted(books):
    with books.unit() as unit:
        unit.create(
            PostingPolicy, entity_id=books.entity.id, name="standard", edition=2, valid_from=date(2026, 4, 1)
        )
    assert books.sale("2026-03-31", "1", "0").policy_edition == 1
    assert books.sale("2026-04-01", "1", "0").policy_edition == 2


def test_chart_and_roles_come_once_with_the_first_entity(books):
    with books.unit() as unit:
        unit.create(Entity, name="华辰工程", code="GC")
    with scope(books.tenant):
        assert LedgerAccount.objects.count() == len(chart())
        assert AccountRole.objects.count() == sum(len(row["roles"].split()) for row in chart())
        assert PostingPolicy.objects.count() == 2
        assert Period.objects.count() == 0
        codes = dict(AccountRole.objects.values_list("role", "account__code"))
    assert codes["receivable"] == "1122" and codes["contract_liability"] == "2205"


def test_two_tenants_do_not_meet(books):
    books.sale("2026-03-05", "1", "0")
    assert Bookkeeper().entries() == []
