"""The short road from quote to settled invoice in single calls, each with what has to be there before it."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import count
from typing import Any

from tests.world import World

ACCOUNTS = count(1)
Call = tuple[str, str, dict[str, Any]]  # who, address, body


def line(price: str = "113.00", quantity: str = "1") -> dict[str, Any]:
    """A priced line without a product: nothing to look up."""
    return {"description": "机床", "price": price, "quantity": quantity, "tax_percent": "13"}


@dataclass
class Road:
    """One customer and one bank account; every method brings a document so far and returns it."""

    world: World
    known: dict[str, Any] = field(default_factory=dict)

    @property
    def customer(self) -> str:
        if "customer" not in self.known:
            self.known["customer"] = self.world.as_("王磊").post("customers", {"name": "苏州精工"})["id"]
        return self.known["customer"]

    @property
    def account(self) -> str:
        if "account" not in self.known:
            facts = {
                "entity": str(self.world.entity.id),
                "holder": "华辰",
                "account_number": f"6222{next(ACCOUNTS):012d}",
            }
            made = self.world.as_("陈静").post("bank_accounts", {**facts, "bank": "工行"})
            self.known["account"] = made["id"]
        return self.known["account"]

    def quote(self) -> dict[str, Any]:
        return self.world.as_("王磊").post("quotes", {"customer": self.customer, "name": "机床"})

    def version(self) -> dict[str, Any]:
        body = {"quote": self.quote()["id"], "lines": [line(quantity="2")]}
        return self.world.as_("王磊").post("quote_versions", body)

    def sent(self) -> dict[str, Any]:
        return self.world.as_("王磊").post(f"quote_versions/{self.version()['id']}/send")

    def order(self) -> dict[str, Any]:
        return self.world.as_("王磊").post("orders", {"customer": self.customer, "lines": [line()]})

    def confirmed(self) -> dict[str, Any]:
        return self.world.as_("王磊").post(f"orders/{self.order()['id']}/confirm")

    def invoice(self, price: str = "113.00") -> dict[str, Any]:
        return self.world.as_("陈静").post("invoices", {"customer": self.customer, "lines": [line(price)]})

    def issued(self, price: str = "113.00") -> dict[str, Any]:
        return self.world.as_("陈静").post(f"invoices/{self.invoice(price)['id']}/issue")

    def receipt(self, amount: str = "113.00") -> dict[str, Any]:
        body = {"amount": amount, "received_on": "2026-03-02", "bank_account": self.account}
        return self.world.as_("陈静").post("receipts", {**body, "payer_name": "苏州精工"})

    def recorded(self, amount: str = "113.00") -> dict[str, Any]:
        return self.world.as_("陈静").post(f"receipts/{self.receipt(amount)['id']}/record")

    def claimed(self, amount: str = "113.00") -> dict[str, Any]:
        path = f"receipts/{self.recorded(amount)['id']}/claim"
        return self.world.as_("王磊").post(path, {"customer": self.customer})

    def confirmed_receipt(self, amount: str = "113.00") -> dict[str, Any]:
        return self.world.as_("陈静").post(f"receipts/{self.claimed(amount)['id']}/confirm")

    def allocated(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """(receipt, invoice), fifty of the invoice paid."""
        receipt, invoice = self.confirmed_receipt(), self.issued()
        body = {"splits": [{"invoice": invoice["id"], "amount": "50.00"}]}
        return self.world.as_("陈静").post(f"receipts/{receipt['id']}/allocate", body), invoice

    def credit_note(self) -> dict[str, Any]:
        body = {"invoice": self.issued()["id"], "reason": "return"}
        return self.world.as_("陈静").post("credit_notes", body)

    def write_off(self) -> dict[str, Any]:
        body = {"invoice": self.issued()["id"], "amount": "1.00", "reason": "bad_debt"}
        return self.world.as_("陈静").post("write_offs", body)

    def allocation(self) -> dict[str, Any]:
        receipt, _ = self.allocated()
        chosen = {"field": "receipt", "op": "eq", "value": receipt["id"]}
        return self.world.as_("陈静").list("allocations", filter=chosen)[0]


def flows(road: Road) -> dict[str, Any]:
    """Name → what prepares a call and returns it: the key flows of the short road."""
    return {
        "opportunity.create": lambda: ("王磊", "opportunities", {"customer": road.customer, "name": "三台"}),
        "quote_version.create": lambda: (
            "王磊",
            "quote_versions",
            {"quote": road.quote()["id"], "lines": [line()]},
        ),
        "quote_version.send": lambda: ("王磊", f"quote_versions/{road.version()['id']}/send", {}),
        "quote_version.accept": lambda: ("王磊", f"quote_versions/{road.sent()['id']}/accept", {}),
        "order.create": lambda: ("王磊", "orders", {"customer": road.customer, "lines": [line(), line()]}),
        "order.confirm": lambda: ("王磊", f"orders/{road.order()['id']}/confirm", {}),
        "invoice.issue": lambda: ("陈静", f"invoices/{road.invoice()['id']}/issue", {}),
        "receipt.record": lambda: ("陈静", f"receipts/{road.receipt()['id']}/record", {}),
        "receipt.claim": lambda: (
            "王磊",
            f"receipts/{road.recorded()['id']}/claim",
            {"customer": road.customer},
        ),
        "receipt.confirm": lambda: ("陈静", f"receipts/{road.claimed()['id']}/confirm", {}),
        "receipt.allocate": lambda: _allocate(road),
        "allocation.reverse": lambda: (
            "陈静",
            f"allocations/{road.allocation()['id']}/reverse",
            {"why": "x"},
        ),
        "write_off.book": lambda: ("陈静", f"write_offs/{road.write_off()['id']}/book", {}),
        "receipt.refund": lambda: _refund(road),
        "credit_note.issue": lambda: (
            "陈静",
            f"credit_notes/{road.credit_note()['id']}/issue",
            {"rebill": False},
        ),
    }


def _allocate(road: Road) -> Call:
    receipt, invoice = road.confirmed_receipt(), road.issued()
    body = {"splits": [{"invoice": invoice["id"], "amount": "50.00"}]}
    return "陈静", f"receipts/{receipt['id']}/allocate", body


def _refund(road: Road) -> Call:
    body = {"amount": "10.00", "why": "x"}
    return "陈静", f"receipts/{road.confirmed_receipt()['id']}/refund", body
