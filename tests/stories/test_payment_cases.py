"""The shared payment cases that need records: paid in parts, overpaid, taken back, void.

Facts from tests of other systems. Words differ, figures do not: what Tryton calls `cancelled` and Lago
`voided` is an invoice `credited` here.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from tests.base.scenarios import SHARED, cases, same
from tests.base.test_scenario_cases import TESTED_IN_STORIES
from tests.stories.road import bank_account, wrong_in_books
from tests.stories.shelf import customer

if TYPE_CHECKING:
    from tests.world import World

CASES = {case["id"]: case for case in cases("payments")}
LATER = {
    "payments-23": "bank statements come with a later issue; the sum itself is tested in tests/base",
    "payments-27": "rules learnt from a manual match need bank statements (policy, not universal)",
}
WORDS = {"credited": {"cancelled", "voided"}, "settled": {"paid"}, "issued": {"open"}}

needs_cases = pytest.mark.skipif(not CASES, reason=f"no {SHARED}/scenario-cases: set GUANTONG_SHARED_DATA")


class Desk:
    """陈静's desk: free invoices and money of one customer."""

    def __init__(self, world: World) -> None:
        self.world, self.chen = world, world.as_("陈静")
        self.buyer = customer(world, "苏州精工机械有限公司")
        self.account = bank_account(world)

    def line(self, net: str, percent: str = "0") -> dict[str, Any]:
        method = {"tax_method": "zero"} if percent == "0" else {}
        return {
            "description": "x", "quantity": "1", "unit": "x", "price": net, "price_basis": "exclusive",
            "tax_percent": percent, **method,
        }  # fmt: skip

    def invoice(self, *lines: dict[str, Any]) -> dict[str, Any]:
        body = {"customer": self.buyer["id"], "lines": list(lines)}
        draft = self.chen.post("invoices", body, status=201)
        return self.chen.post(f"invoices/{draft['id']}/issue")

    def money(self, amount: str) -> dict[str, Any]:
        body = {
            "customer": self.buyer["id"], "amount": amount, "currency": "CNY",
            "bank_account": self.account["id"], "received_on": "2026-03-02",
        }  # fmt: skip
        receipt = self.chen.post("receipts", body, status=201)
        self.chen.post(f"receipts/{receipt['id']}/record")
        return self.chen.post(f"receipts/{receipt['id']}/confirm")

    def pay(
        self, receipt: dict[str, Any], invoice: dict[str, Any], amount: str, **more: Any
    ) -> dict[str, Any]:
        body = {"splits": [{"invoice": invoice["id"], "amount": amount}]}
        return self.chen.post(f"receipts/{receipt['id']}/allocate", body, **more)

    def credit(self, invoice: dict[str, Any], *, rebill: bool = False) -> dict[str, Any]:
        note = self.chen.post("credit_notes", {"invoice": invoice["id"], "reason": "mistake"}, status=201)
        return self.chen.post(f"credit_notes/{note['id']}/issue", {"rebill": rebill})

    def now(self, invoice: dict[str, Any]) -> dict[str, Any]:
        return self.chen.get(f"invoices/{invoice['id']}")

    def balance(self, *roles: str) -> str:
        """What stands on account roles, by the lines of the journal."""
        lines = [
            line
            for entry in self.chen.list("journal_entries", limit=200)
            for line in self.chen.get(f"journal_entries/{entry['id']}")["lines"]
        ]
        return str(sum((Decimal(line["amount"]) for line in lines if line["role"] in roles), Decimal(0)))


@pytest.fixture
def desk(world: World) -> Desk:
    return Desk(world)


def said(ours: str, theirs: str) -> str:
    """Their word for our state, where it means the same."""
    return theirs if theirs in WORDS.get(ours, {ours}) else ours


@needs_cases
def test_01_paid_in_parts_and_a_small_difference_written_off(desk: Desk) -> None:
    case = CASES["payments-01"]
    invoice, opened = desk.invoice(desk.line(case["input"]["invoice"])), []
    *parts, last = case["input"]["payments"]
    for amount in parts:
        desk.pay(desk.money(amount), invoice, amount)
        opened.append(desk.now(invoice)["open"])
    desk.pay(desk.money(last["amount"]), invoice, last["amount"])
    left = desk.now(invoice)["open"]
    body = {"invoice": invoice["id"], "amount": left, "reason": "small_difference"}
    loss = desk.chen.post("write_offs", body, status=201)
    desk.chen.post(f"write_offs/{loss['id']}/book")
    ended = desk.now(invoice)
    opened.append(ended["open"])
    ours = {"open_after": opened, "writeoff": left, "state": said(ended["state"], case["expected"]["state"])}
    assert same(ours, case["expected"]), ours
    assert wrong_in_books(desk.world) == []


@needs_cases
def test_03_overpaid_is_a_credit_of_the_customer(desk: Desk) -> None:
    case = CASES["payments-03"]
    invoice, money = desk.invoice(desk.line(case["input"]["invoice"])), desk.money(case["input"]["payment"])
    money = desk.pay(money, invoice, case["input"]["invoice"])
    state = said(desk.now(invoice)["state"], case["expected"]["state"])
    assert same({"state": state, "customer_balance": desk.balance("receivable", "advance")}, case["expected"])
    assert money["open"] == "10.00"


@needs_cases
def test_05_a_full_credit_of_an_unpaid_invoice_nets_to_zero(desk: Desk) -> None:
    case = CASES["payments-05"]
    invoice = desk.invoice(desk.line("200.00", "10"), desk.line("20.00"))
    assert (invoice["net"], invoice["tax"], invoice["gross"]) == tuple(case["input"]["invoice"].values())
    note = desk.credit(invoice)
    ours = {
        "invoice_state": said(desk.now(invoice)["state"], case["expected"]["invoice_state"]),
        "credit_note_state": "paid"
        if note["state"] == "issued" and note["applied"] == note["gross"]
        else note["state"],
        "receivable_balance": desk.balance("receivable"),
        "revenue_balance": desk.balance("revenue"),
        "tax_balance": desk.balance("deferred_vat", "output_vat"),
    }
    assert same(ours, case["expected"]), ours


@needs_cases
def test_21_money_that_goes_out_settles_a_credit_note(desk: Desk) -> None:
    case, invoice = CASES["payments-21"], desk.invoice(desk.line("50.00"))
    desk.pay(desk.money("50.00"), invoice, "50.00")
    note = desk.credit(invoice)
    assert (note["excess"], note["gross"]) == ("50.00", case["input"]["credit_note"].removeprefix("-"))
    (open_credit,) = desk.chen.list("receipts", filter={"field": "instrument", "op": "eq", "value": "credit"})
    body = {"amount": "50.00", "why": "退货款", "account": desk.account["id"]}
    paid = desk.chen.post(f"receipts/{open_credit['id']}/refund", body)
    assert (paid["state"], paid["open"]) == ("refunded", "0.00")
    assert same(desk.balance("receivable", "advance"), "0") and same(desk.balance("bank"), "0")


@needs_cases
def test_25_an_invoice_is_paid_once(desk: Desk) -> None:
    case = CASES["payments-25"]
    invoice = desk.invoice(desk.line(case["input"]["invoice"]))
    first, second = (desk.money(amount) for amount in case["input"]["statements"])
    desk.pay(first, invoice, "300.00")
    refused = desk.pay(second, invoice, "300.00", status=409)
    seen = [
        desk.chen.list("allocations", filter={"field": "receipt", "op": "eq", "value": one["id"]})
        for one in (first, second)
    ]
    ours = {"statement1_linked": bool(seen[0]), "statement2_linked": bool(seen[1])}
    assert same({"after_first_validated": ours}, case["expected"]), refused
    assert desk.chen.get(f"receipts/{second['id']}")["open"] == "300.00"


@needs_cases
def test_31_an_advance_bill_is_taken_back_and_made_again(desk: Desk) -> None:
    """Advance invoices as such come later; a bill for 10 % of the order by amount gives the same figures."""
    case, chen = CASES["payments-31"], desk.chen
    body = {"customer": desk.buyer["id"], "lines": [desk.line(case["input"]["order"])]}
    order = desk.world.as_("王磊").post("orders", body, status=201)
    order = desk.world.as_("王磊").post(f"orders/{order['id']}/confirm")
    (draft,) = chen.list("invoices")
    chen.post(f"invoices/{draft['id']}/cancel")

    def billed(**line: str) -> dict[str, Any]:
        lines = {"lines": [{"order_line": order["lines"][0]["id"], **line}]} if line else {}
        made = chen.post("invoices", {"order": order["id"], **lines}, status=201)
        return chen.post(f"invoices/{made['id']}/issue")

    desk.credit(billed(amount="10.00"), rebill=True)
    again = billed(amount="10.00")
    desk.pay(desk.money("10.00"), again, "10.00")
    ours = {"new_advance": again["gross"], "final_invoice": billed()["gross"]}
    assert same(ours, case["expected"]), ours


@needs_cases
def test_33_a_credit_note_voids_an_unpaid_invoice(desk: Desk) -> None:
    case = CASES["payments-33"]
    invoice = desk.invoice(desk.line(case["input"]["net"], str(case["input"]["tax_percent"])))
    note = desk.credit(invoice)
    state = said(desk.now(invoice)["state"], case["expected"]["invoice_state"])
    assert same({"invoice_state": state, "credit_note_total": note["gross"]}, case["expected"])


@needs_cases
def test_every_case_has_its_place() -> None:
    """What tests/base leaves to the stories is answered here, or is listed with a reason."""
    here = {f"payments-{name[5:7]}" for name in globals() if name.startswith("test_") and name[5:7].isdigit()}
    assert here | LATER.keys() >= TESTED_IN_STORIES
    assert not here & LATER.keys()
    assert all(CASES[id]["convention"] == "policy" or id == "payments-23" for id in LATER)
