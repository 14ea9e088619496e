"""What the tests of billing and collection share: customer, product, order, invoice and receipt in few words.

Amounts are text. `books` gives the balance of a role in base currency, as text without trailing noughts.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from functools import partial
from threading import Barrier
from typing import Any

from django.db import connection

from guantong.engine.org.entity import Entity
from guantong.engine.tenancy.organization import Organization
from guantong.engine.tenancy.scope import scope
from guantong.modules.customers.bank_account import BankAccount
from guantong.modules.customers.customer import Customer
from guantong.modules.ledger.balances import balance_of
from guantong.modules.ledger.checks import check_entity
from guantong.modules.ledger.journal import JournalEntry, JournalLine
from guantong.modules.ledger.period import Period
from guantong.modules.ledger.rate import ExchangeRate
from tests.caller import Caller
from tests.world import World

SALES, FINANCE, OTHER_SALES = "王磊", "陈静", "周涛"


class Trade:
    """One world with one customer of 王磊; every figure that a test asks for comes from the API or the books."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.sales, self.finance = world.as_(SALES), world.as_(FINANCE)
        self.accounts: dict[str, str] = {}
        with world.house() as unit:
            self.customer = str(unit.create(Customer, name="苏州精工", owner_id=world.users[SALES].id).id)

    # -- selling ------------------------------------------------------------------------------------

    def order(self, *lines: dict[str, Any], confirm: bool = True, **facts: Any) -> dict[str, Any]:
        """An order; with `confirm` the automatic draft invoice is there too."""
        body = {"customer": self.customer, "lines": list(lines) or [line("100.00")], **facts}
        made = self.sales.post("orders", body)
        return self.sales.post(f"orders/{made['id']}/confirm") if confirm else made

    def draft_of(self, order: dict[str, Any]) -> dict[str, Any]:
        """The draft that the order's confirmation made."""
        chosen = {"field": "order", "op": "eq", "value": order["id"]}
        (found,) = self.finance.list("invoices", filter=chosen, sort="created_at", limit=1)
        return self.read("invoices", found)

    def bill(
        self, order: dict[str, Any], *lines: dict[str, Any], status: int | None = None
    ) -> dict[str, Any]:
        """A new draft for a part of an order."""
        body = {"order": order["id"], **({"lines": list(lines)} if lines else {})}
        return self.finance.post("invoices", body, status=status)

    def invoice(self, gross: str = "100.00", *, on: str | None = None, **facts: Any) -> dict[str, Any]:
        """An issued invoice without an order."""
        body = {"customer": self.customer, "lines": [line(gross)], **facts}
        made = self.finance.post("invoices", body)
        return self.issue(made, on=on)

    def issue(self, invoice: dict[str, Any], *, status: int | None = None, **given: Any) -> dict[str, Any]:
        body = {name: value for name, value in given.items() if value is not None}
        return self.finance.post(f"invoices/{invoice['id']}/issue", body, status=status)

    def credit(
        self, invoice: dict[str, Any], *lines: dict[str, Any], rebill: bool = False, reason: str = "return"
    ) -> dict[str, Any]:
        """An issued credit note."""
        body = {"invoice": invoice["id"], "reason": reason, **({"lines": list(lines)} if lines else {})}
        made = self.finance.post("credit_notes", body)
        return self.finance.post(f"credit_notes/{made['id']}/issue", {"rebill": rebill})

    # -- money --------------------------------------------------------------------------------------

    def account(self, currency: str = "CNY") -> str:
        """Our bank account in a currency."""
        if currency not in self.accounts:
            with self.world.house() as unit:
                made = unit.create(
                    BankAccount, entity_id=self.world.entity.id, holder="华辰", bank="工商银行",
                    account_number=f"6222{len(self.accounts):012d}", currency=currency,
                )  # fmt: skip
                self.accounts[currency] = str(made.id)
        return self.accounts[currency]

    def receipt(
        self, amount: str, *, to: str = "recorded", currency: str = "CNY", **facts: Any
    ) -> dict[str, Any]:
        """A receipt, brought as far as `to`."""
        body = {
            "amount": amount, "currency": currency, "received_on": "2026-03-02",
            "bank_account": self.account(currency), "payer_name": "苏州精工机械", **facts,
        }  # fmt: skip
        made = self.finance.post("receipts", body)
        steps = {
            "recorded": ["record"],
            "claimed": ["record", "claim"],
            "confirmed": ["record", "claim", "confirm"],
        }
        for step in steps.get(to, []):
            who = self.sales if step == "claim" else self.finance
            made = who.post(
                f"receipts/{made['id']}/{step}", {"customer": self.customer} if step == "claim" else {}
            )
        return made

    def allocate(
        self, receipt: dict[str, Any], *splits: tuple[Any, ...], status: int | None = None, **given: Any
    ) -> dict[str, Any]:
        """`(invoice, amount)` or `(invoice, amount, paid)` each."""
        rows = [
            {"invoice": invoice["id"], "amount": amount, **({"paid": rest[0]} if rest else {})}
            for invoice, amount, *rest in splits
        ]
        return self.finance.post(
            f"receipts/{receipt['id']}/allocate", {"splits": rows, **given}, status=status
        )

    def allocations(self, invoice: dict[str, Any]) -> list[dict[str, Any]]:
        chosen = {"field": "invoice", "op": "eq", "value": invoice["id"]}
        found = self.finance.list("allocations", filter=chosen, sort="number")
        return [self.read("allocations", row) for row in found]

    # -- books --------------------------------------------------------------------------------------

    def rate(self, currency: str, rate: str, on: str = "2026-01-01") -> None:
        with self.world.house() as unit:
            unit.create(ExchangeRate, currency=currency, rate=Decimal(rate), on=date.fromisoformat(on))

    def close_month(self, month: str) -> None:
        with self.world.house() as unit:
            period = Period.objects.filter(month=month).first()
            if period is None:
                period = unit.create(Period, entity_id=self.world.entity.id, month=month)
            else:
                (period,) = unit.lock(Period, [period.id])
            period.close(reason="done")

    def books(self, role: str, currency: str = "") -> str:
        """What stands on a role, in base currency or in one currency; debits above zero."""
        with scope(self.world.tenant):
            found = balance_of(role)
        return f"{(found.amount(currency) if currency else found.base).normalize() + 0:f}"

    def entries(self, record: dict[str, Any]) -> list[dict[str, str]]:
        """The entries behind a record, oldest first: role → sum of base amounts."""
        with scope(self.world.tenant):
            found = JournalEntry.objects.filter(source_id=record["id"]).order_by("id")
            lines = [
                list(JournalLine.objects.filter(header_id=entry.id).order_by("position")) for entry in found
            ]
        return [{row.role: f"{row.base_amount.normalize() + 0:f}" for row in rows} for rows in lines]

    def days(self, record: dict[str, Any]) -> list[str]:
        """The days of the entries behind a record."""
        with scope(self.world.tenant):
            entries = JournalEntry.objects.filter(source_id=record["id"]).order_by("id")
            return [entry.on.isoformat() for entry in entries]

    def dimensions(self, record: dict[str, Any], role: str) -> list[tuple[dict[str, str], str]]:
        """The tenant dimensions and base amounts of one role in the entry behind a record."""
        with scope(self.world.tenant):
            entry = JournalEntry.objects.get(source_id=record["id"])
            rows = JournalLine.objects.filter(header_id=entry.id, role=role).order_by("position")
            return [(row.dimensions, f"{row.base_amount.normalize() + 0:f}") for row in rows]

    # -- races --------------------------------------------------------------------------------------

    def finance_again(self) -> Caller:
        """陈静 in another window: a client of its own, as each thread needs."""
        return Caller(self.world.tokens[FINANCE])

    def sales_again(self) -> Caller:
        """王磊 in another window."""
        return Caller(self.world.tokens[SALES])

    def race(self, work: Callable[[int], Any], count: int, threads: int = 8) -> list[int]:
        """The statuses of `count` calls: connected threads start together and go on without a pause."""
        together, codes = Barrier(threads), [0] * count

        def run(first: int) -> None:
            connection.ensure_connection()
            together.wait(60)
            for at in range(first, count, threads):
                answer = work(at)
                codes[at] = answer.status_code
                refused = answer.json().get("code") if answer.status_code >= 400 else ""
                assert refused not in ("not_unique", "busy"), (
                    "the locks must hold, not the last defence behind them"
                )

        with ThreadPoolExecutor(threads) as pool:
            for running in [
                pool.submit(self.world.everywhere(partial(run, first))) for first in range(threads)
            ]:
                running.result()
        self.world.settle()
        return codes

    def findings(self) -> list[str]:
        """What `guantong books check` finds wrong here."""
        organization = Organization.objects.get(id=self.world.tenant)
        with scope(self.world.tenant):
            return [
                found
                for entity in Entity.objects.order_by("code")
                for found in check_entity(entity, organization, show=lambda _: None)
            ]

    def read(self, plural: str, record: dict[str, Any]) -> dict[str, Any]:
        return self.finance.get(f"{plural}/{record['id']}")


def line(price: str, quantity: str = "1", percent: str = "13", **facts: Any) -> dict[str, Any]:
    """A line without a product, price tax-inclusive."""
    return {
        "description": "机床", "price": price, "quantity": quantity, "tax_percent": percent,
        "price_basis": "inclusive", **facts,
    }  # fmt: skip


def figures(record: dict[str, Any], *names: str) -> tuple[Any, ...]:
    """Some facts of a record."""
    return tuple(record[name] for name in names)
