"""The record as it was: compared with what the API really showed at that moment."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from guantong.base import clock
from guantong.modules.customers.customer import Customer
from tests.engine.trail.test_timeline import product
from tests.world import World

__all__ = ["product"]
SAME = (
    "number",
    "name",
    "state",
    "happened_at",
    "currency",
    "price_basis",
    "valid_from",
    "valid_to",
    "customer",
)


def then(
    world: World, plural: str, record: dict, at: Any, who: str = "赵敏", status: int | None = None
) -> dict:
    return world.as_(who).get(f"{plural}/{record['id']}/history", as_of=at.isoformat(), status=status)


@pytest.fixture
def book(world: World, product: dict) -> dict:
    tiers = [{"product": product["id"], "from_quantity": "1", "price": "300000"}]
    return world.as_("赵敏").post(
        "price_books", {"name": "标准价", "valid_from": "2026-01-01", "tiers": tiers}
    )


def test_every_past_moment_equals_what_was_shown_then(world: World, product: dict, book: dict):
    admin, shown = world.as_("赵敏"), []
    address = f"price_books/{book['id']}"

    def note() -> None:
        shown.append((clock.now(), admin.get(address)))
        world.later(hours=1)

    note()
    line = book["tiers"][0]
    more = [
        {"id": line["id"], "price": "310000"},
        {"product": product["id"], "from_quantity": "5", "price": "290000.5"},
    ]
    admin.patch(address, {"name": "新标准价", "tiers": more, "version": 1})
    note()
    admin.post(f"{address}/activate", {})
    note()
    admin.patch(address, {"valid_to": "2026-12-31", "tiers": [], "version": 3})
    note()
    for at, record in shown:
        past = then(world, "price_books", book, at)
        assert {name: past[name] for name in SAME} == {name: record[name] for name in SAME}
        assert past["tiers"] == record["tiers"]
        assert past["changed_by"] == world.id_of("赵敏")
    assert [len(record["tiers"]) for _, record in shown] == [1, 2, 2, 0]


def test_before_creation_there_was_nothing(world: World, book: dict):
    assert (
        then(world, "price_books", book, clock.now() - timedelta(seconds=1), status=404)["code"]
        == "not_found"
    )


def test_a_day_means_its_end_where_the_organization_is(world: World, book: dict):
    """Monday 09:00 UTC is Monday in Shanghai; 20:00 UTC is Tuesday there."""
    world.later(hours=11)
    world.as_("赵敏").patch(f"price_books/{book['id']}", {"name": "晚上改的", "version": 1})
    address = f"price_books/{book['id']}/history"
    assert world.as_("赵敏").get(address, as_of="2026-03-02")["name"] == "标准价"
    assert world.as_("赵敏").get(address, as_of="2026-03-03")["name"] == "晚上改的"
    assert world.as_("赵敏").get(address, as_of="2026-03-01", status=404)


def test_what_was_entered_late_was_not_known_earlier(world: World):
    """`happened_at` lies before, `recorded_at` counts."""
    customer = world.as_("王磊").post(
        "customers", {"name": "华为技术有限公司", "happened_at": "2026-02-20T08:00:00+08:00"}
    )
    then(world, "customers", customer, clock.now() - timedelta(days=5), status=404)
    assert then(world, "customers", customer, clock.now())["happened_at"] == "2026-02-20T00:00:00.000000Z"


def test_hidden_fields_were_hidden_then_too(world: World, product: dict):
    assert then(world, "products", product, clock.now(), "陈静")["cost"] == "200000"
    past = then(world, "products", product, clock.now(), "王磊")
    assert "cost" not in past
    assert past["list_price"] == "300000"


def test_deleted_and_brought_back(world: World, book: dict):
    known = clock.now()
    world.later(hours=1)
    world.as_("赵敏").delete(f"price_books/{book['id']}")
    gone = clock.now()
    then(world, "price_books", book, known, status=404)
    world.later(hours=1)
    world.as_("赵敏").post(f"/undo/{world.events_of(book)[-1].id}")
    assert then(world, "price_books", book, known)["name"] == "标准价"
    then(world, "price_books", book, gone, status=404)
    assert then(world, "price_books", book, clock.now())["tiers"][0]["price"] == "300000"


def test_amounts_have_the_decimals_of_their_currency(world: World):
    customer = world.as_("王磊").post("customers", {"name": "华为技术有限公司"})
    body = {"limit": "1234.5", "group": "", "overdue_days": 30}
    shown = world.as_("李娜").post(f"customers/{customer['id']}/set_credit", body)
    assert (
        then(world, "customers", customer, clock.now(), "李娜")["credit_limit"]
        == shown["credit_limit"]
        == "1234.50"
    )


def test_what_was_adopted_began_with_that(world: World):
    owner = world.users["王磊"].id
    with world.house() as unit:
        facts = {"name": "华为技术有限公司", "owner_id": owner, "adopted": True}
        made = unit.add(Customer, facts, event="adopted")
    past = then(world, "customers", {"id": made.id}, clock.now(), "王磊")
    assert (past["name"], past["adopted"]) == ("华为技术有限公司", True)


@pytest.mark.parametrize(
    "text", ["", "yesterday", "2026-03-02T10:00:00", "2026-13-01", "2026-02-30", "0001-01-01"]
)
def test_what_is_no_moment_is_refused(world: World, book: dict, text: str):
    response = world.as_("赵敏").call("GET", f"price_books/{book['id']}/history", as_of=text)
    assert response.status_code in (404, 422), response.content
    assert response.json()["code"] in ("required", "not_moment", "not_found")


def test_a_plus_that_became_a_space_is_still_a_zone(world: World, book: dict):
    answer = world.as_("赵敏").call(
        "GET", f"price_books/{book['id']}/history?as_of=2026-03-02T17:00:00+08:00"
    )
    assert answer.status_code == 200, answer.content


def test_unreadable_records_have_no_past(world: World):
    customer = world.as_("王磊").post("customers", {"name": "华为技术有限公司"})
    then(world, "customers", customer, clock.now(), "周涛", status=404)
    address = f"customers/{customer['id']}/history"
    world.other.as_("赵敏").get(address, as_of=clock.now().isoformat(), status=404)
