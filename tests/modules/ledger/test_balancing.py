"""The tables of docs/algorithms/posting.md, and the arithmetic behind them."""

from __future__ import annotations

from decimal import Decimal
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guantong.base.errors import Refused
from guantong.base.rounding import exact_sum
from guantong.modules.ledger.account_role import Role
from guantong.modules.ledger.balancing import base_of, clearing_pairs, foreign_sums, must_balance
from guantong.modules.ledger.context import Books
from guantong.modules.ledger.install import chart
from guantong.modules.ledger.post import spread_rest
from tests.base.tables import all_rows, table


def foreign(amount, rate, account="other"):
    return SimpleNamespace(
        currency="USD",
        amount=amount,
        base_amount=base_of(amount, rate, "CNY", "half_up"),
        account_id=account,
        role="",
    )


@all_rows("posting", "rest")
def test_rest_of_rounding(row, monkeypatch):
    monkeypatch.setattr(Books, "account", lambda self, role: None)
    monkeypatch.setattr(Books, "monetary", {"monetary"})
    books = Books("CNY", "standard", 1, "half_up", row["rule"], {}, {})
    marks = ["monetary" if mark == "yes" else "other" for mark in row["monetary"].split()]
    amounts = [Decimal(amount) for amount in row["amounts"].split()]
    lines = [foreign(amount, Decimal(row["rate"]), mark) for amount, mark in zip(amounts, marks, strict=True)]
    spread_rest(lines, list(lines), books)
    if row["base amounts"] == "refused":
        with pytest.raises(Refused, match="entry_unbalanced"):
            must_balance(lines, "CNY")
        return
    must_balance(lines, "CNY")
    assert [line.base_amount for line in lines] == [Decimal(amount) for amount in row["base amounts"].split()]


def test_roles_of_the_page_are_those_of_the_chart():
    shipped = {role: f"{row['code']} {row['zh']}" for row in chart() for role in row["roles"].split()}
    assert {row["role"]: row["account"] for row in table("posting", "roles")} == shipped
    assert set(shipped) == set(Role.values)


def test_parents_of_the_chart_come_first():
    codes: set[str] = set()
    for row in chart():
        assert not row["parent"] or row["parent"] in codes
        codes.add(row["code"])
    assert len(codes) == len(chart())


AMOUNTS = st.decimals("-1000000", "1000000", places=2)
LINES = st.lists(st.tuples(st.sampled_from(["USD", "EUR", "CNY"]), AMOUNTS, AMOUNTS), min_size=1, max_size=6)


@given(LINES)
def test_clearing_pairs_even_every_currency_and_cancel_in_base(parts):
    lines = [SimpleNamespace(currency=c, amount=a, base_amount=a if c == "CNY" else b) for c, a, b in parts]
    pairs = [SimpleNamespace(currency=c, amount=a, base_amount=b) for c, a, b in clearing_pairs(lines, "CNY")]
    assert not any(foreign_sums([*lines, *pairs], "CNY").values())
    assert exact_sum(pair.base_amount for pair in pairs) == 0
    assert all(pair.amount == pair.base_amount for pair in pairs if pair.currency == "CNY")
