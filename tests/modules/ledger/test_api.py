"""The ledger at the API: who reads, who closes months, and that nobody writes the journal there (trust.md M10)."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from guantong.engine.org.token import issue_token
from guantong.engine.org.user import User
from guantong.engine.tenancy.scope import scope
from guantong.modules.ledger.period import Period
from tests.books.text import ledger_text

ENTRY = {"on": "2026-03-05", "base_currency": "CNY", "policy": "standard", "policy_edition": 1, "lines": []}


class Caller:
    """One user at the API."""

    def __init__(self, books: Any, *roles: str) -> None:
        with books.unit() as unit:
            user = unit.create(User, name="陈静", roles=list(roles))
        with scope(books.tenant):
            token = issue_token(books.tenant, user.id, "tests")
        self.client = Client(SERVER_NAME="localhost", headers={"Authorization": f"Bearer {token}"})

    def get(self, path: str) -> tuple[int, Any]:
        reply = self.client.get(f"/api/records/{path}")
        return reply.status_code, reply.json()

    def send(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        call = getattr(self.client, method)
        reply = call(f"/api/records/{path}", json.dumps(body or {}), content_type="application/json")
        return reply.status_code, reply.json()


@pytest.fixture
def sold(books):
    books.sale("2026-03-05", "1000", "130")
    return books


@pytest.fixture
def finance(sold):
    return Caller(sold, "finance")


def period_of(books):
    with scope(books.tenant):
        return Period.objects.get(month="2026-03").id


def test_finance_reads_entries_with_lines(finance, sold):
    status, page = finance.get("journal_entries")
    assert status == 200
    (entry,) = page["items"]
    status, entry = finance.get(f"journal_entries/{entry['id']}")
    assert (entry["number"], entry["month"], entry["kind"]) == ("JV-2026-000001", "2026-03", "normal")
    assert [(row["role"], row["amount"], row["base_amount"]) for row in entry["lines"]] == [
        ("receivable", "1130.00", "1130.00"),
        ("revenue", "-1000.00", "-1000.00"),
        ("deferred_vat", "-130.00", "-130.00"),
    ]


@pytest.mark.parametrize("role", ["finance", "administrator"])
def test_nobody_writes_the_journal_there(sold, role):
    caller, (entry,) = Caller(sold, role), sold.entries()
    before = ledger_text(sold.tenant)
    body = {**ENTRY, "entity": str(sold.entity.id)}
    assert caller.send("post", "journal_entries", body)[0] in (403, 422)
    assert caller.send("patch", f"journal_entries/{entry.id}", {"memo": "x", "version": 1})[0] == 403
    assert caller.client.delete(f"/api/records/journal_entries/{entry.id}").status_code == 403
    assert ledger_text(sold.tenant) == before


def test_sales_see_no_books(sold):
    caller, (entry,) = Caller(sold, "sales"), sold.entries()
    for plural in ("journal_entries", "ledger_accounts", "account_roles", "posting_policies", "periods"):
        assert caller.get(plural)[1]["items"] == []
    assert caller.get(f"journal_entries/{entry.id}")[0] == 404
    assert caller.send("post", f"periods/{period_of(sold)}/close", {"reason": "no"})[0] in (403, 404)


def test_finance_closes_and_reopens(finance, sold):
    period = period_of(sold)
    status, record = finance.send("post", f"periods/{period}/close", {"reason": "month end"})
    assert (status, record["state"], record["reason"]) == (200, "closed", "month end")
    assert finance.send("post", f"periods/{period}/reopen")[0] == 422
    status, record = finance.send("post", f"periods/{period}/reopen", {"reason": "late invoice"})
    assert (status, record["state"]) == (200, "open")
    assert finance.send("patch", f"periods/{period}", {"month": "2026-04", "version": 3})[0] == 403


def test_finance_revalues(finance, sold):
    status, _ = finance.send(
        "post",
        "exchange_rates",
        {"currency": "USD", "base_currency": "CNY", "rate": "7.1", "on": "2026-03-01"},
    )
    assert status == 201
    sold.sale("2026-03-06", "100.00", "0", currency="USD")
    finance.send("post", "exchange_rates", {"currency": "USD", "rate": "7.2", "on": "2026-03-31"})
    assert finance.send("post", f"periods/{period_of(sold)}/revalue")[0] == 200
    assert "(revaluation)" in ledger_text(sold.tenant)


def test_rates_and_policies_are_not_changed(finance, sold):
    _, made = finance.send("post", "exchange_rates", {"currency": "USD", "rate": "7.1", "on": "2026-03-01"})
    assert finance.send("patch", f"exchange_rates/{made['id']}", {"rate": "9", "version": 1})[0] == 403
    assert finance.client.delete(f"/api/records/exchange_rates/{made['id']}").status_code == 403
    _, page = finance.get("posting_policies")
    (policy,) = page["items"]
    assert finance.send("patch", f"posting_policies/{policy['id']}", {"name": "x", "version": 1})[0] == 403


def test_method_that_modules_do_not_follow_yet(finance, sold):
    body = {"entity": str(sold.entity.id), "name": "new", "method": "at_transfer", "valid_from": "2026-04-01"}
    status, problem = finance.send("post", "posting_policies", body)
    assert (status, problem["code"]) == (422, "method_not_ready")


def test_posted_account_keeps_its_kind(finance, sold):
    _, page = finance.get(
        "ledger_accounts?filter=" + json.dumps({"field": "code", "op": "eq", "value": "1122"})
    )
    (account,) = page["items"]
    path, version = f"ledger_accounts/{account['id']}", account["version"]
    status, problem = finance.send("patch", path, {"kind": "liability", "version": version})
    assert (status, problem["code"]) == (409, "has_entries")
    assert finance.send("patch", path, {"name": "应收货款", "version": version})[0] == 200


def test_entity_with_entries_keeps_its_base_currency(finance, sold):
    body = {"base_currency": "USD", "version": 1}
    status, problem = finance.send("patch", f"entities/{sold.entity.id}", body)
    assert (status, problem["code"]) == (409, "has_entries")
