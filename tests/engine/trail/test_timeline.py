"""The timeline: newest first, in words, without what the reader may not see."""

from __future__ import annotations

from typing import Any

import pytest

from guantong.engine.objects.labels import label
from guantong.engine.objects.registry import by_name
from guantong.engine.trail.words import Words
from tests.world import World


@pytest.fixture
def product(world: World) -> dict[str, Any]:
    admin = world.as_("赵敏")
    unit = admin.post("units", {"name": "台", "code": "set"})
    tax = admin.post(
        "tax_classes",
        {
            "name": "货物",
            "code": "13",
            "rates": [{"valid_from": "2020-01-01", "percent": "13", "method": "general"}],
        },
    )
    facts = {"code": "M1", "name": "机床", "unit": unit["id"], "tax_class": tax["id"], "cost": "200000"}
    return admin.post("products", {**facts, "list_price": "300000"})


def change(world: World, record: dict, plural: str, **facts: Any) -> dict:
    return world.as_("赵敏").patch(f"{plural}/{record['id']}", {**facts, "version": record["version"]})


def test_changes_are_told_in_words(world: World, product: dict):
    change(world, product, "products", name="数控机床", kind="service")
    item = world.as_("赵敏").get(f"products/{product['id']}/events")["items"][0]
    assert (item["verb"], item["label"]) == ("changed", "修改")
    assert item["actor"] == {"id": world.id_of("赵敏"), "label": "赵敏", "kind": "person"}
    told = {fact["field"]: fact for fact in item["changes"]}
    assert told["name"]["label"] == "名称" and (told["name"]["old"], told["name"]["new"]) == (
        "机床",
        "数控机床",
    )
    assert (told["kind"]["old"], told["kind"]["new"]) == ("goods", "service")
    english = (
        world.as_("赵敏")
        .call("GET", f"products/{product['id']}/events", headers={"Accept-Language": "en"})
        .json()
    )
    assert english["items"][0]["label"] == "Changed"


def test_a_hidden_field_is_not_in_the_timeline(world: World, product: dict):
    change(world, product, "products", cost="210000")
    seen = world.as_("陈静").get(f"products/{product['id']}/events")
    assert [fact["field"] for fact in seen["items"][0]["changes"]] == ["cost"]
    hidden = world.as_("王磊").call("GET", f"products/{product['id']}/events")
    assert hidden.json()["items"][0]["changes"] == []
    assert "210000" not in hidden.content.decode() and "200000" not in hidden.content.decode()


def test_links_carry_their_labels_only_for_readers(world: World):
    customer = world.as_("王磊").post("customers", {"name": "华为技术有限公司"})
    book = world.as_("李娜").post(
        "price_books", {"name": "框架价", "valid_from": "2026-01-01", "customer": customer["id"], "tiers": []}
    )

    def told(who: str) -> dict:
        first = world.as_(who).get(f"price_books/{book['id']}/events")["items"][-1]
        return next(fact for fact in first["changes"] if fact["field"] == "customer")

    assert told("李娜")["new"] == {"id": customer["id"], "label": "华为技术有限公司"}
    assert told("周涛")["new"] == {"id": customer["id"], "label": None}


def test_lines_are_compared_by_what_came_went_and_changed(world: World, product: dict):
    tiers = [{"product": product["id"], "from_quantity": "1", "price": "300000"},
             {"product": product["id"], "from_quantity": "5", "price": "290000"}]  # fmt: skip
    book = world.as_("赵敏").post(
        "price_books", {"name": "标准价", "valid_from": "2026-01-01", "tiers": tiers}
    )
    kept = {**{key: book["tiers"][0][key] for key in ("id", "from_quantity")}, "price": "310000"}
    change(
        world,
        book,
        "price_books",
        tiers=[kept, {"product": product["id"], "from_quantity": "9", "price": "280000"}],
    )
    item = world.as_("赵敏").get(f"price_books/{book['id']}/events")["items"][0]
    lines = item["changes"][0]["lines"]
    assert [line["change"] for line in lines] == ["changed", "added", "removed"]
    assert [(fact["field"], fact["old"], fact["new"]) for fact in lines[0]["fields"]] == [
        ("price", "300000", "310000")
    ]
    assert next(f for f in lines[1]["fields"] if f["field"] == "product")["new"]["label"] == "机床"


def test_hidden_fields_of_lines_are_not_compared():
    spec = by_name()["price_book"]
    line = {"id": "1", "position": 1, "from_quantity": "1", "price": "300000"}
    changes = {"tiers": [[line], [{**line, "from_quantity": "2", "price": "310000"}]]}
    shown = Words(spec, "zh", {}, frozenset({"price"})).changes(changes)
    assert [fact["field"] for fact in shown[0]["lines"][0]["fields"]] == ["from_quantity"]


def test_states_and_causes(world: World):
    customer = world.as_("王磊").post("customers", {"name": "华为技术有限公司"})
    world.as_("李娜").post(f"customers/{customer['id']}/block", {"why": "逾期"})
    item = world.as_("王磊").get(f"customers/{customer['id']}/events")["items"][0]
    assert (item["verb"], item["from"], item["to"]) == ("block", "active", "blocked")
    assert (item["from_label"], item["to_label"]) == (
        label("customer.state.active"),
        label("customer.state.blocked"),
    )
    assert item["reason"] == "逾期"
    assert item["cause"] is None
    assert item["recorded_at"] == "2026-03-02T09:00:00.000000Z"


def test_unreadable_and_foreign_records_have_no_timeline(world: World):
    customer = world.as_("王磊").post("customers", {"name": "华为技术有限公司"})
    address = f"customers/{customer['id']}/events"
    for caller in (world.as_("周涛"), world.as_("路人"), world.other.as_("赵敏")):
        assert caller.get(address, status=404)["code"] == "not_found"


def test_pages_go_back_in_time_without_gaps(world: World):
    customer = world.as_("王磊").post("customers", {"name": "华为技术有限公司"})
    for number in range(6):
        customer = world.as_("王磊").patch(
            f"customers/{customer['id']}", {"note": f"第{number}次", "version": customer["version"]}
        )
    seen: list[int] = []
    cursor = ""
    for _ in range(4):
        page = world.as_("王磊").get(f"customers/{customer['id']}/events", limit=2, cursor=cursor)
        seen += [item["event_no"] for item in page["items"]]
        cursor = page["next"] or ""
    assert seen == [7, 6, 5, 4, 3, 2, 1]
    assert cursor == ""
    for wrong in ({"cursor": "-1"}, {"limit": 0}, {"limit": 201}, {"sort": "x"}):
        assert world.as_("王磊").call("GET", f"customers/{customer['id']}/events", **wrong).status_code == 422


def test_a_timeline_costs_two_statements_of_its_own(world: World):
    customer = world.as_("王磊").post("customers", {"name": "华为技术有限公司"})
    for number in range(10):
        world.as_("王磊").post(f"customers/{customer['id']}/comments", {"text": str(number)})
    with world.statements() as sent:
        world.as_("王磊").get(f"customers/{customer['id']}/events")
    assert len(sent) <= 6, sent  # BEGIN, SET LOCAL, who, events, labels, COMMIT
