"""王磊 resigns at nine: shut out at once, his work handed over without a loss, and taken back when he stays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.books.text import ledger_text, same_ledger
from tests.stories.shelf import customer, stocked

if TYPE_CHECKING:
    from tests.world import World

HIS = ("leads", "customers", "opportunities", "quotes", "activities")


def test_an_owner_leaves(world: World) -> None:
    shelf = stocked(world)
    his = work_of_a_salesman(world, shelf.line("HC-500"))
    before = facts(world)
    mine = world.as_("周涛").list("customers")

    with world.step("user.disable"):
        world.as_("赵敏").post(f"users/{world.id_of('王磊')}/disable")
    world.as_("王磊").get("leads", status=401)
    assert facts(world) == before, "shutting somebody out loses nothing"

    with world.step(
        *(f"{one}.assign" for one in ("lead", "customer", "opportunity", "quote")), "quote_version.hand_over"
    ):
        for plural in ("leads", "customers", "opportunities", "quotes"):
            body = {"ids": [his[plural]["id"]], "to": world.id_of("周涛")}
            done = world.as_("赵敏" if plural != "quotes" else "李娜").post(f"/verbs/{plural}/assign", body)
            assert [item["status"] for item in done["items"]] == [200], done
    zhou = world.as_("周涛")
    for plural in ("leads", "customers", "opportunities", "quotes"):
        now = zhou.get(f"{plural}/{his[plural]['id']}")
        assert now["owner"]["label"] == "周涛"
    assert len(zhou.list("customers")) == len(mine) + 1
    assert without_owner(facts(world)) == without_owner(before), (
        "a hand-over changes the owner and nothing else"
    )
    with world.step("opportunity.changed"):
        deal = zhou.get(f"opportunities/{his['opportunities']['id']}")
        zhou.patch(f"opportunities/{deal['id']}", {"note": "接手", "version": deal["version"]})

    he_stays(world, his)
    same_ledger(ledger_text(world.tenant), "")


def work_of_a_salesman(world: World, line: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """One of everything that belongs to 王磊."""
    wang = world.as_("王磊")
    buyer = customer(world, "苏州精工机械有限公司")
    with world.step("lead.created", "opportunity.created", "activity.created", "quote.created"):
        lead = wang.post("leads", {"company": "南通新厂", "contact_name": "季明"}, status=201)
        body = {"name": "三台机床", "customer": buyer["id"], "amount": "1126000.00"}
        deal = wang.post("opportunities", body, status=201)
        visit = wang.post(
            "activities", {"opportunity": deal["id"], "text": "拜访总经理", "kind": "visit"}, status=201
        )
        quote = wang.post("quotes", {"opportunity": deal["id"]}, status=201)
    with world.step("quote_version.created", "quote.start_version"):
        wang.post("quote_versions", {"quote": quote["id"], "lines": [line]}, status=201)
    return dict(zip(HIS, (lead, buyer, deal, quote, visit), strict=True))


def facts(world: World) -> dict[str, Any]:
    """Everything of these objects that the auditor sees."""
    seen = world.as_("孙审")
    return {
        f"{plural}/{item['id']}": seen.get(f"{plural}/{item['id']}")
        for plural in (*HIS, "quote_versions", "contacts")
        for item in seen.list(plural)
    }


def without_owner(records: dict[str, Any]) -> dict[str, Any]:
    """The facts without who is responsible, and what every write moves on."""
    moved = ("owner", "version", "changed_at", "changed_by", "event_no")
    return {key: {k: v for k, v in record.items() if k not in moved} for key, record in records.items()}


def he_stays(world: World, his: dict[str, dict[str, Any]]) -> None:
    """Each hand-over is undone; the deal that was changed since keeps the change and gets its owner back."""
    zhao = world.as_("赵敏")
    with world.step("user.enable"):
        zhao.post(f"users/{world.id_of('王磊')}/enable")
    with world.step("lead.assign", "customer.assign", "opportunity.assign"):
        for plural in ("leads", "customers", "opportunities"):
            handed = [event for event in world.events_of(his[plural]) if event.verb == "assign"][-1]
            zhao.post(f"/undo/{handed.id}")
    wang = world.as_("王磊")
    for plural in ("leads", "customers", "opportunities"):
        assert wang.get(f"{plural}/{his[plural]['id']}")["owner"]["label"] == "王磊"
    assert wang.get(f"opportunities/{his['opportunities']['id']}")["note"] == "接手"
    world.as_("周涛").get(f"leads/{his['leads']['id']}", status=404)
