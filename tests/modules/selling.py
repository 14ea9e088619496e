"""A small market for the tests of the selling modules: goods with prices, customers, deals, offers, orders."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from guantong.engine.access.actor import ROLES
from guantong.engine.org.token import issue_token
from guantong.engine.org.user import User
from guantong.engine.tenancy.scope import scope
from tests.caller import Caller
from tests.world import World

SELLER, LEAD, FINANCE, OPERATIONS, SERVICE = "王磊", "李娜", "陈静", "张伟", "刘洋"
OUTSIDER, ADMIN = "周涛", "赵敏"


class Market:
    """Masters made once per test, and short words for the steps of a sale; the seller acts unless said otherwise."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.sales = world.as_(SELLER)
        self.manager, self.finance, self.operations = (world.as_(n) for n in (LEAD, FINANCE, OPERATIONS))
        self.unit = self.operations.post("units", {"name": "台", "code": "SET"})
        self.vat13 = self.tax("V13", [("2019-04-01", "13"), ("2018-05-01", "16")])
        self.vat9 = self.tax("V9", [("2019-04-01", "9")])
        self.machine = self.product("M1", list_price="339000.00", cost="200000")
        self.service = self.product(
            "S1", tax_class=self.vat9["id"], kind="service", list_price="109000.00", cost="50000"
        )

    def tax(self, code: str, rates: list[tuple[str, str]]) -> Any:
        rows = [{"valid_from": day, "percent": percent} for day, percent in rates]
        return self.finance.post("tax_classes", {"name": code, "code": code, "rates": rows})

    def product(self, code: str, **facts: Any) -> Any:
        known = {"code": code, "name": code, "unit": self.unit["id"], "tax_class": self.vat13["id"]}
        return self.operations.post("products", {**known, **facts})

    def book(self, tiers: list[tuple[Any, str, str]], **facts: Any) -> Any:
        rows = [{"product": p["id"], "from_quantity": n, "price": price} for p, n, price in tiers]
        known = {"name": "价格表", "valid_from": "2026-01-01", "tiers": rows}
        book = self.manager.post("price_books", {**known, **facts})
        return self.manager.post(f"price_books/{book['id']}/activate")

    def customer(self, name: str = "苏州精工", **facts: Any) -> Any:
        return self.sales.post("customers", {"name": name, **facts})

    def limit(self, customer: Any, limit: str, group: str = "") -> None:
        self.finance.post(f"customers/{customer['id']}/set_credit", {"limit": limit, "group": group})

    def deal(self, customer: Any, **facts: Any) -> Any:
        return self.sales.post("opportunities", {"customer": customer["id"], "name": "三台机床", **facts})

    def quote(self, customer: Any, **facts: Any) -> Any:
        return self.sales.post("quotes", {"customer": customer["id"], "name": "机床", **facts})

    def version(self, quote: Any, lines: list[dict[str, Any]] | None = None, **facts: Any) -> Any:
        rows = [{"product": self.machine["id"], "quantity": "3"}] if lines is None else lines
        return self.sales.post("quote_versions", {"quote": quote["id"], "lines": rows, **facts})

    def sent(self, quote: Any, lines: list[dict[str, Any]] | None = None, **facts: Any) -> Any:
        return self.sales.post(f"quote_versions/{self.version(quote, lines, **facts)['id']}/send")

    def order(self, customer: Any, lines: list[dict[str, Any]] | None = None, **facts: Any) -> Any:
        rows = [{"product": self.machine["id"], "quantity": "1"}] if lines is None else lines
        return self.sales.post("orders", {"customer": customer["id"], "lines": rows, **facts})

    def confirmed(self, customer: Any, lines: list[dict[str, Any]] | None = None, **facts: Any) -> Any:
        return self.operations.post(f"orders/{self.order(customer, lines, **facts)['id']}/confirm")


def everyone_at_once(world: World) -> Caller:
    """A colleague with all roles that may stand together, who leads the team of the sellers."""
    with world.house() as unit:
        user = unit.create(User, name="全能", roles=[name for name in ROLES if name != "auditor"])
        user.team_id = None
    with scope(world.tenant):
        return Caller(issue_token(world.tenant, user.id, "tests"), world.settle)


def at_once(world: World, *works: Callable[[], Any]) -> list[Any]:
    """Do all of `works` in threads that start together; returns what each gave."""
    gate, found = threading.Barrier(len(works)), [None] * len(works)

    def one(place: int, work: Callable[[], Any]) -> Any:
        gate.wait()
        found[place] = work()

    threads = [
        threading.Thread(target=world.everywhere(lambda place=place, work=work: one(place, work)))
        for place, work in enumerate(works)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found
