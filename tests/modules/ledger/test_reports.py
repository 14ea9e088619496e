"""What the reports say: they add up, they tie to each other, and they know the past as it was known."""

from __future__ import annotations

import json
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from guantong.base import clock
from guantong.base.errors import NotFound, Refused
from guantong.base.ids import uuid7
from guantong.engine.org.entity import Entity
from guantong.engine.tenancy.scope import scope
from guantong.modules.ledger.ageing import ageing, first_in_first_out
from guantong.modules.ledger.balances import balance_of, balances, open_amounts
from guantong.modules.ledger.post import post
from guantong.modules.ledger.reports import REPORTS, report_called
from guantong.modules.ledger.statement import account_statement
from guantong.modules.ledger.trial_balance import trial_balance
from guantong.modules.ledger.turnover import revenue, vat
from tests.modules.ledger.bookkeeper import Bookkeeper, line

END = date(2026, 12, 31)
CUSTOMERS = [uuid7() for _ in range(3)]
ROLES = [
    "bank",
    "receivable",
    "advance",
    "contract_liability",
    "revenue",
    "deferred_vat",
    "output_vat",
    "unclaimed",
]
CENTS = st.integers(-(10**9), 10**9).filter(bool).map(lambda cents: Decimal(cents) / 100)


@st.composite
def entries(draw):
    """Some balanced entries: day, currency, and pairs of roles with amounts; the last line takes the rest."""
    currency = draw(st.sampled_from(["CNY", "USD", "JPY"]))
    legs = draw(st.lists(st.tuples(st.sampled_from(ROLES), CENTS), min_size=1, max_size=4))
    if currency == "JPY":
        legs = [(role, Decimal(int(amount)) or Decimal(1)) for role, amount in legs]
    rest = -sum(amount for _, amount in legs)
    return (
        date(2026, 1, 1) + timedelta(days=draw(st.integers(0, 300))),
        currency,
        [*legs, (draw(st.sampled_from(ROLES)), rest)],
        draw(st.sampled_from(CUSTOMERS)),
    )


@settings(
    max_examples=25,
    deadline=None,
    phases=(
        Phase.explicit,
        Phase.reuse,
        Phase.generate,
    ),  # each example makes a tenant: shrinking takes minutes
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(found=st.lists(entries(), min_size=1, max_size=5), rate=st.decimals("0.01", "20", places=6))
def test_trial_balance_sums_to_zero_and_ties(found, rate):
    books = Bookkeeper()
    for currency in ("USD", "JPY"):
        books.rate(currency, "2025-12-31", str(rate))
    for on, currency, legs, customer in found:
        if not legs[-1][1] and len(legs) < 3:
            continue
        books.post(
            on.isoformat(), *(line(role, str(amount), currency, customer=customer) for role, amount in legs)
        )
    with scope(books.tenant):
        report = trial_balance(books.entity, until=END)
        by_role = balances(ROLES)
        aged = ageing(books.entity, until=END)
    assert report["is_balanced"]
    if report["rows"]:
        assert report["totals"]["closing"] == "0.00"
        assert report["totals"]["debit"] == report["totals"]["credit"]
    assert sum(balance.base for balance in by_role.values()) == 0
    assert sum(Decimal(row["base_total"]) for row in aged["rows"]) == by_role["receivable"].base
    for row in aged["rows"]:
        assert sum(map(Decimal, row["amounts"].values())) == Decimal(row["total"])
        assert sum(map(Decimal, row["base_amounts"].values())) == Decimal(row["base_total"])
    assert books.findings() == []


@pytest.fixture
def year(books):
    """Sales in January and March, part of the first paid, VAT of the first invoiced."""
    here = {"customer": CUSTOMERS[0]}
    books.sale("2026-01-10", "1000.00", "130.00", **here)
    books.sale("2026-03-02", "500.00", "65.00", customer=CUSTOMERS[1])
    books.post("2026-02-10", line("bank", "400.00"), line("receivable", "-400.00", **here))
    books.post("2026-02-11", line("deferred_vat", "130.00"), line("output_vat", "-130.00"))
    return books


def test_trial_balance(year):
    with scope(year.tenant):
        report = trial_balance(year.entity, since=date(2026, 2, 1), until=date(2026, 2, 28))
    rows = {
        row["code"]: [row[name] for name in ("opening", "debit", "credit", "closing")]
        for row in report["rows"]
    }
    assert rows == {
        "1002": ["0.00", "400.00", "0.00", "400.00"],
        "1122": ["1130.00", "0.00", "400.00", "730.00"],
        "222101": ["0.00", "0.00", "130.00", "-130.00"],
        "222110": ["-130.00", "130.00", "0.00", "0.00"],
        "6001": ["-1000.00", "0.00", "0.00", "-1000.00"],
    }
    assert report["totals"] == {"opening": "0.00", "debit": "530.00", "credit": "530.00", "closing": "0.00"}


def test_as_known_then(year):
    moment = clock.now()
    clock.advance(days=1)
    with scope(year.tenant):
        before = trial_balance(year.entity, until=END)
    year.sale("2026-01-15", "1", "0")
    with scope(year.tenant):
        assert trial_balance(year.entity, until=END) != before
        assert trial_balance(year.entity, until=END, as_of_recorded=moment) == before


def test_ageing_pays_the_oldest_first(year):
    year.sale("2026-02-20", "200.00", "0", customer=CUSTOMERS[0], due_on=date(2026, 5, 1))
    with scope(year.tenant):
        report = ageing(year.entity, until=date(2026, 3, 31))
    rows = {row["customer"]: row for row in report["rows"]}
    first, second = (rows[str(customer)] for customer in CUSTOMERS[:2])
    assert first["amounts"] == {"61-90": "730.00", "not_due": "200.00"}
    assert (first["total"], first["base_total"]) == ("930.00", "930.00")
    assert second["amounts"] == {"0-30": "565.00"}


def test_reversal_takes_back_its_own_age(year):
    year.reverse(year.sale("2026-03-10", "99.00", "0", customer=CUSTOMERS[0]), "2026-03-20")
    with scope(year.tenant):
        rows = {row["customer"]: row for row in ageing(year.entity, until=date(2026, 3, 31))["rows"]}
    assert rows[str(CUSTOMERS[0])]["amounts"] == {"61-90": "730.00"}


def test_overpayment_is_shown_as_credit(year):
    year.post("2026-03-03", line("bank", "600"), line("receivable", "-600", customer=CUSTOMERS[1]))
    with scope(year.tenant):
        rows = {row["customer"]: row for row in ageing(year.entity, until=date(2026, 3, 31))["rows"]}
    assert rows[str(CUSTOMERS[1])]["amounts"] == {"credit": "-35.00"}


def test_first_in_first_out():
    days = [date(2026, 1, day) for day in (1, 2, 3)]
    assert first_in_first_out([(days[0], Decimal(5)), (days[1], Decimal(5)), (days[2], Decimal(-7))]) == [
        (days[1], Decimal(3))
    ]


def test_revenue_and_vat_by_month(year):
    with scope(year.tenant):
        sold, tax = revenue(year.entity, until=END), vat(year.entity, until=END, since=date(2026, 2, 1))
    assert [(row["month"], row["total"]) for row in sold["rows"]] == [
        ("2026-01", "1000.00"),
        ("2026-03", "500.00"),
    ]
    shown = ("month", "output_vat", "output_vat_balance", "deferred_vat", "deferred_vat_balance")
    assert [[row[name] for name in shown] for row in tax["rows"]] == [
        ["2026-02", "130.00", "130.00", "-130.00", "0.00"],
        ["2026-03", "0.00", "130.00", "65.00", "65.00"],
    ]


def test_statement_opens_the_entries_behind_a_figure(year):
    with scope(year.tenant):
        report = account_statement(
            year.entity, account="1122", customer=CUSTOMERS[0], since=date(2026, 2, 1), until=END
        )
    assert (report["opening"], report["closing"]) == ("1130.00", "730.00")
    (row,) = report["lines"]
    assert (row["number"], row["debit"], row["credit"], row["balance"]) == (
        "JV-2026-000003",
        "0.00",
        "400.00",
        "730.00",
    )
    assert row["source"] == {"object": "entity", "id": str(year.entity.id)}


def test_balances_by_what_they_concern(year):
    with scope(year.tenant):
        assert balance_of("receivable", customer=CUSTOMERS[0]).base == Decimal(730)
        assert balance_of("receivable", customer=CUSTOMERS[0], until=date(2026, 1, 31)).base == Decimal(1130)
        found = open_amounts("receivable", by=("customer",))
    assert {(row["customer"], row["currency"], row["amount"]) for row in found} == {
        (CUSTOMERS[0], "CNY", Decimal(730)),
        (CUSTOMERS[1], "CNY", Decimal(565)),
    }


def test_entries_not_yet_written_count_too(year):
    with year.unit():
        lines = [line("receivable", "7", customer=CUSTOMERS[0]), line("revenue", "-7")]
        post(year.entity, on=date(2026, 3, 5), entity=year.entity, lines=lines)
        assert balance_of("receivable", customer=CUSTOMERS[0]).base == Decimal(737)
        assert balance_of("receivable", customer=CUSTOMERS[1]).base == Decimal(565)


def test_books_in_two_base_currencies_do_not_add(year):
    with year.unit() as unit:
        other = unit.create(Entity, name="香港", code="HK", base_currency="HKD")
    with year.unit():
        lines = [line("receivable", "1", "HKD"), line("revenue", "-1", "HKD")]
        post(other, on=date(2026, 3, 5), entity=other, lines=lines)
    with scope(year.tenant):
        with pytest.raises(Refused, match="several_base_currencies"):
            balance_of("receivable")
        assert balance_of("receivable", entity=other).amount("HKD") == 1


def test_every_report_is_ready_for_json(year):
    with scope(year.tenant):
        for name, report in REPORTS.items():
            more = {"role": "receivable"} if name == "account_statement" else {}
            json.dumps(report(year.entity, until=END, **more))
    with pytest.raises(NotFound):
        report_called("profit")
