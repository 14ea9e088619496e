"""A lead and a deal are lost, each with a reason; the deal comes back, is won, and its history stays."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.books.text import ledger_text, same_ledger
from tests.stories.shelf import customer, stage_called

if TYPE_CHECKING:
    from tests.world import World

LOST_AT = "2026-03-12"


def test_lost_and_reopened(world: World) -> None:
    wang, li, sun = world.as_("王磊"), world.as_("李娜"), world.as_("孙丽")

    with world.step("lead.created", "lead.lose", "lead.reopen"):
        lead = wang.post("leads", {"company": "苏州精工", "contact_name": "钱进"}, status=201)
        wang.post(f"leads/{lead['id']}/lose", {}, status=422)
        lead = wang.post(f"leads/{lead['id']}/lose", {"why": "unreachable", "note": "电话停机"})
        assert (lead["state"], lead["lost_why"]) == ("lost", "unreachable")
        wang.post(f"leads/{lead['id']}/qualify", status=409)
        world.as_("周涛").post(f"leads/{lead['id']}/reopen", status=404)
        lead = wang.post(f"leads/{lead['id']}/reopen")
    assert (lead["state"], lead["lost_why"]) == ("working", "")

    buyer = customer(world, "苏州精工机械有限公司")
    with world.step("opportunity.created", "opportunity.advance"):
        body = {"name": "三台机床", "customer": buyer["id"], "amount": "1126000.00", "close_on": "2026-04-30"}
        deal = wang.post("opportunities", body, status=201)
        wang.post(f"opportunities/{deal['id']}/advance", {"to": stage_called(world, "谈判")})

    world.later(days=10)
    path = f"opportunities/{deal['id']}"
    with world.step("opportunity.lose"):
        deal = wang.post(f"{path}/lose", {"why": "competitor", "note": "对方降价", "competitor": "大陆重工"})
    assert (deal["state"], deal["probability"], deal["lost_note"]) == ("lost", "0", "对方降价")
    for verb, more in (
        ("win", {}),
        ("advance", {"to": stage_called(world, "签约")}),
        ("lose", {"why": "price"}),
    ):
        wang.post(f"{path}/{verb}", more, status=409)
    wang.patch(path, {"amount": "1.00", "version": deal["version"]}, status=409)

    world.later(days=20)
    wang.post(f"{path}/reopen", status=403)
    sun.post(f"{path}/reopen", status=404)
    with world.step("opportunity.reopen"):
        deal = li.post(f"{path}/reopen")
    assert (deal["state"], deal["probability"], deal["lost_why"]) == ("open", "80", "")
    with world.step("opportunity.win"):
        deal = wang.post(f"{path}/win", {"on": "2026-03-30"})
    assert (deal["state"], deal["close_on"], deal["probability"]) == ("won", "2026-03-30", "100")

    told = [event.verb for event in world.events_of(deal)]
    assert told == ["created", "advance", "lose", "reopen", "win"]
    then = wang.get(f"{path}/history", as_of=LOST_AT)
    assert (then["state"], then["lost_why"], then["competitor"]) == ("lost", "competitor", "大陆重工")
    same_ledger(ledger_text(world.tenant), "")
