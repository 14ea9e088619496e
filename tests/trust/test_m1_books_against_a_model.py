"""M1: random business through the API against an independent model in Fractions; the books checked at every step.

Runs here: quote, order, invoice, pay, allocate, take back, refund, credit, write off, foreign currency, void.
GUANTONG_M1_RUNS and GUANTONG_M1_STEPS set the figure; trust.md asks for 200 × 30 in CI, 2,000 × 50 nightly.
"""

from __future__ import annotations

import os
from fractions import Fraction
from typing import Any

from django.db import connections
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tests.trust.books_model import Bill, Model, Money, Part, fen, priced
from tests.trust.soundness import faults
from tests.world import World

RUNS, STEPS = int(os.environ.get("GUANTONG_M1_RUNS", "25")), int(os.environ.get("GUANTONG_M1_STEPS", "20"))
RATE = {"CNY": Fraction(1), "USD": Fraction(7)}
BALANCES = """SELECT l.role, l.currency, sum(l.amount), sum(l.base_amount) FROM ledger_journalline l
    WHERE l.tenant = %s AND l.customer = %s GROUP BY 1, 2"""
UNBALANCED = """SELECT e.number FROM ledger_journalentry e JOIN ledger_journalline l ON l.tenant = e.tenant
    AND l.header_id = e.id WHERE e.tenant = %s GROUP BY e.tenant, e.id, e.number, e.kind, l.currency
    HAVING sum(l.amount) <> 0 AND e.kind NOT IN ('exchange', 'settlement')
    UNION ALL SELECT e.number FROM ledger_journalentry e JOIN ledger_journalline l ON l.tenant = e.tenant
    AND l.header_id = e.id WHERE e.tenant = %s GROUP BY e.tenant, e.id, e.number HAVING sum(l.base_amount) <> 0"""

prices = st.integers(10, 500_000).map(lambda cents: Fraction(cents, 100))
amounts = st.integers(1, 500_000).map(lambda cents: Fraction(cents, 100))
rows = st.lists(
    st.tuples(
        prices,
        st.integers(10, 999).map(lambda n: Fraction(n, 10)),
        st.sampled_from([0, 1, 6, 9, 13]).map(Fraction),
    ),
    min_size=1,
    max_size=3,
)
currencies = st.sampled_from(["CNY", "CNY", "USD"])


def text(value: Fraction) -> str:
    """A Fraction of at most ten places as plain decimal text."""
    whole = f"{int(value * 10**10):011d}" if value >= 0 else "-" + text(-value)
    return (whole[:-10] + "." + whole[-10:]).rstrip("0").rstrip(".") if value >= 0 else whole


class Business(RuleBasedStateMachine):
    """One customer's life; all runs share an organization, each has a customer of its own."""

    world: World

    def __init__(self) -> None:
        super().__init__()
        self.model = Model()
        self.sales, self.finance = self.world.as_("王磊"), self.world.as_("陈静")
        self.customer = self.sales.post("customers", {"name": "苏州精工"})["id"]

    # -- selling ------------------------------------------------------------------------------------

    @staticmethod
    def lines(given: Any) -> list[dict[str, str]]:
        return [
            {"description": "机床", "price": text(p), "quantity": text(q), "tax_percent": text(t)}
            for p, q, t in given
        ]

    def billed(self, invoice: dict[str, Any], given: Any) -> None:
        done = self.finance.post(f"invoices/{invoice['id']}/issue")
        gross, tax = priced(given)
        assert (Fraction(done["gross"]), Fraction(done["tax"])) == (gross, tax), done
        assert Fraction(done["net"]) + Fraction(done["tax"]) == Fraction(done["gross"])
        self.model.bills.append(Bill(done["id"], done["currency"], gross, tax))

    @rule(given=rows, currency=currencies)
    def invoice(self, given: Any, currency: str) -> None:
        body = {"customer": self.customer, "currency": currency, "lines": self.lines(given)}
        self.billed(self.finance.post("invoices", body), given)

    @rule(given=rows)
    def order_and_bill(self, given: Any) -> None:
        order = self.sales.post("orders", {"customer": self.customer, "lines": self.lines(given)})
        self.sales.post(f"orders/{order['id']}/confirm")
        self._bill_order(order["id"], given)

    @rule(given=rows)
    def quote_order_and_bill(self, given: Any) -> None:
        quote = self.sales.post("quotes", {"customer": self.customer, "name": "机床"})
        version = self.sales.post("quote_versions", {"quote": quote["id"], "lines": self.lines(given)})
        self.sales.post(f"quote_versions/{version['id']}/send")
        self.sales.post(f"quote_versions/{version['id']}/accept")
        found = {"field": "quote_version", "op": "eq", "value": version["id"]}
        (order,) = self.sales.list("orders", filter=found)
        self.sales.post(f"orders/{order['id']}/confirm")
        self._bill_order(order["id"], given)

    def _bill_order(self, order: str, given: Any) -> None:
        (draft,) = self.finance.list("invoices", filter={"field": "order", "op": "eq", "value": order})
        self.billed(draft, given)

    # -- money --------------------------------------------------------------------------------------

    @rule(amount=amounts, currency=currencies)
    def receive(self, amount: Fraction, currency: str) -> None:
        receipt = self._recorded(amount, currency)
        self.finance.post(f"receipts/{receipt['id']}/confirm")
        self.model.moneys.append(Money(receipt["id"], currency, amount))

    @initialize(given=rows, amount=amounts, currency=currencies, share=st.integers(1, 100))
    def begin(self, given: Any, amount: Fraction, currency: str, share: int) -> None:
        """Each life begins with a bill that is paid in part: there is something to take back."""
        self.invoice(given, currency)
        self.receive(amount, currency)
        self.allocate(0, share)

    @precondition(lambda self: any(bill.open for bill in self.model.bills))
    @rule(pick=st.integers(0, 10**6), share=st.integers(1, 130))
    def pay(self, pick: int, share: int) -> None:
        """Money for one bill: a part of it, all, or more."""
        bills = [bill for bill in self.model.bills if bill.open]
        bill = bills[pick % len(bills)]
        self.receive(max(fen(bill.open * share / 100), Fraction(1, 100)), bill.currency)
        self.spend(bill, self.model.moneys[-1], min(share, 100))

    @rule(amount=amounts)
    def record_and_void(self, amount: Fraction) -> None:
        receipt = self._recorded(amount, "CNY")
        self.finance.post(f"receipts/{receipt['id']}/cancel", {"why": "x"})

    def _recorded(self, amount: Fraction, currency: str) -> dict[str, Any]:
        facts = {
            "customer": self.customer,
            "currency": currency,
            "received_on": "2026-03-02",
            "instrument": "cash",
        }
        receipt = self.finance.post("receipts", {**facts, "amount": text(amount)})
        return self.finance.post(f"receipts/{receipt['id']}/record")

    def _pairs(self) -> list[tuple[Bill, Money]]:
        return [
            (b, m)
            for b in self.model.bills
            for m in self.model.moneys
            if b.currency == m.currency and b.open and m.open
        ]

    @precondition(lambda self: self._pairs())
    @rule(pick=st.integers(0, 10**6), share=st.integers(1, 150))
    def allocate(self, pick: int, share: int) -> None:
        """A share of over a hundred percent asks for more than there is."""
        pairs = self._pairs()
        self.spend(*pairs[pick % len(pairs)], share)

    def spend(self, bill: Bill, money: Money, share: int) -> None:
        """Allocate a share of what is possible."""
        most = min(bill.open, money.open)
        amount = max(fen(most * share / 100), Fraction(1, 100))
        body = {"splits": [{"invoice": bill.id, "amount": text(amount)}]}
        path = f"receipts/{money.id}/allocate"
        if amount > most:
            self.finance.post(path, body, status=409)
            return
        self.finance.post(path, body)
        found = {
            "and": [
                {"field": "receipt", "op": "eq", "value": money.id},
                {"field": "invoice", "op": "eq", "value": bill.id},
            ]
        }
        made = self.finance.list("allocations", filter=found, sort="created_at,id", limit=200)
        known = {part.id for part in self.model.parts}
        (fresh,) = [item for item in made if item["id"] not in known and item["state"] == "active"]
        bill.paid, money.spent = bill.paid + amount, money.spent + amount
        self.model.parts.append(Part(fresh["id"], bill, money, amount))

    @precondition(lambda self: any(part.amount for part in self.model.parts))
    @rule(pick=st.integers(0, 10**6))
    def take_back(self, pick: int) -> None:
        parts = [part for part in self.model.parts if part.amount]
        part = parts[pick % len(parts)]
        self.finance.post(f"allocations/{part.id}/reverse", {"why": "x"})
        part.bill.paid -= part.amount
        part.money.spent -= part.amount
        part.amount = Fraction(0)

    @precondition(lambda self: any(money.open for money in self.model.moneys))
    @rule(pick=st.integers(0, 10**6), share=st.integers(1, 120))
    def refund(self, pick: int, share: int) -> None:
        moneys = [money for money in self.model.moneys if money.open]
        money = moneys[pick % len(moneys)]
        amount = max(fen(money.open * share / 100), Fraction(1, 100))
        allowed = amount <= money.open
        self.finance.post(
            f"receipts/{money.id}/refund",
            {"amount": text(amount), "why": "x"},
            status=None if allowed else 409,
        )
        money.spent += amount if allowed else 0

    # -- corrections --------------------------------------------------------------------------------

    @precondition(lambda self: any(not bill.credited and not bill.lost for bill in self.model.bills))
    @rule(pick=st.integers(0, 10**6))
    def credit(self, pick: int) -> None:
        """All of an invoice: what was paid already becomes an advance."""
        bills = [bill for bill in self.model.bills if not bill.credited and not bill.lost]
        bill = bills[pick % len(bills)]
        note = self.finance.post("credit_notes", {"invoice": bill.id, "reason": "return"})
        self.finance.post(f"credit_notes/{note['id']}/issue", {"rebill": False})
        self.finance.post("credit_notes", {"invoice": bill.id, "reason": "return"}, status=409)
        excess = bill.paid
        bill.credited = bill.open
        self.model.tax_back[bill.currency] = self.model.tax_back.get(bill.currency, Fraction(0)) + bill.tax
        if excess:
            found = {"field": "source_id", "op": "eq", "value": note["id"]}
            (receipt,) = self.finance.list("receipts", filter=found)
            self.model.moneys.append(Money(receipt["id"], bill.currency, excess))

    @precondition(lambda self: any(bill.open for bill in self.model.bills))
    @rule(pick=st.integers(0, 10**6), share=st.integers(1, 120))
    def write_off(self, pick: int, share: int) -> None:
        bills = [bill for bill in self.model.bills if bill.open]
        bill = bills[pick % len(bills)]
        amount = max(fen(bill.open * share / 100), Fraction(1, 100))
        body = {"invoice": bill.id, "amount": text(amount), "reason": "bad_debt"}
        made = self.finance.post("write_offs", body)
        allowed = amount <= bill.open
        self.finance.post(f"write_offs/{made['id']}/book", status=None if allowed else 409)
        if allowed:
            bill.lost += amount
            self.model.losses.append((made["id"], bill, amount))

    @precondition(lambda self: self.model.losses)
    @rule(pick=st.integers(0, 10**6))
    def recover(self, pick: int) -> None:
        id, bill, amount = self.model.losses.pop(pick % len(self.model.losses))
        self.finance.post(f"write_offs/{id}/reverse", {"why": "x"})
        bill.lost -= amount

    # -- what must hold -----------------------------------------------------------------------------

    @invariant()
    def every_document_stands_as_the_model_says(self) -> None:
        mine = {"field": "customer", "op": "eq", "value": self.customer}
        found = self.finance.list("invoices", filter=mine, limit=200)
        issued = {i["id"]: Fraction(i["open"]) for i in found if i["state"] not in ("draft", "cancelled")}
        assert issued == {bill.id: bill.open for bill in self.model.bills}
        assert all(residual >= 0 for residual in issued.values())
        receipts = self.finance.list("receipts", filter=mine, limit=200)
        left = {r["id"]: Fraction(r["open"]) for r in receipts if r["state"] in ("confirmed", "refunded")}
        assert left == {money.id: money.open for money in self.model.moneys}

    @invariant()
    def the_books_stand_as_the_model_says(self) -> None:
        with connections["owner"].cursor() as cursor:
            cursor.execute(BALANCES, [self.world.tenant, self.customer])
            books = {(role, currency): Fraction(amount) for role, currency, amount, _ in cursor.fetchall()}
            cursor.execute(UNBALANCED, [self.world.tenant, self.world.tenant])
            assert cursor.fetchall() == []
        for currency in RATE:
            of = {role: amount for (role, code), amount in books.items() if code == currency}
            assert of.get("receivable", 0) == self.model.receivable(currency), (currency, of)
            assert -of.get("advance", 0) == self.model.advance(currency), (currency, of)
            tax = sum(of.get(role, Fraction(0)) for role in ("deferred_vat", "output_vat", "simple_vat"))
            assert -tax == self.model.tax(currency), (currency, of)


def test_the_books_follow_the_model(world: World) -> None:
    """Many lives; at the end everything that must hold of the whole organization."""
    rate = {"currency": "USD", "base_currency": "CNY", "rate": "7", "on": "2026-01-01"}
    world.as_("陈静").post("exchange_rates", rate)
    life = type("Life", (Business,), {"world": world})
    chosen = settings(
        max_examples=RUNS, stateful_step_count=STEPS, deadline=None, derandomize=True, print_blob=False,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck), database=None,
    )  # fmt: skip
    case = life.TestCase()
    case.settings = chosen
    case.runTest()
    assert not faults(world)
