"""Deals on the tenant's own stages: gates, odds, won and lost; follow-ups."""

from __future__ import annotations

from typing import Any

from tests.modules.selling import Market


def stages(market: Market) -> dict[str, Any]:
    return {stage["name"]: stage for stage in market.sales.list("stages", sort="position")}


def test_each_tenant_begins_with_a_pipeline(market: Market) -> None:
    (pipeline,) = market.sales.list("pipelines")
    assert (pipeline["is_default"], pipeline["won_at"]) == (True, "sign")
    assert list(stages(market)) == ["接触", "立项", "方案", "报价", "谈判", "签约"]
    market.world.as_("赵敏").post("entities", {"name": "华辰工程", "code": "GC"})
    assert len(market.sales.list("pipelines")) == 1


def test_advance_logs_from_and_to_and_moves_the_odds(market: Market) -> None:
    deal = market.deal(market.customer())
    there = stages(market)["报价"]
    moved = market.sales.post(f"opportunities/{deal['id']}/advance", {"to": there["id"]})
    assert (moved["stage"]["label"], moved["probability"]) == ("报价", "60")
    event = market.world.events_of(deal)[-1]
    assert event.changes["stage"] == [deal["stage"]["id"], there["id"]]
    assert event.changes["probability"] == ["10", "60"]


def test_the_gate_of_a_stage(market: Market) -> None:
    deal = market.deal(market.customer())
    path, signing = f"opportunities/{deal['id']}", stages(market)["签约"]["id"]
    problem = market.sales.post(f"{path}/advance", {"to": signing}, status=422)
    assert (problem["code"], problem["field"]) == ("gate", "amount")
    market.sales.patch(path, {"amount": "5.00", "version": 1})
    assert market.sales.post(f"{path}/advance", {"to": signing}, status=422)["field"] == "close_on"
    market.sales.patch(path, {"close_on": "2026-05-01", "version": 2})
    assert market.sales.post(f"{path}/advance", {"to": signing})["stage"]["id"] == signing
    born_there = {"customer": deal["customer"]["id"], "name": "近路", "stage": signing}
    assert market.sales.post("opportunities", born_there, status=422)["code"] == "gate"


def test_only_to_stages_of_its_pipeline_and_only_by_advance(market: Market) -> None:
    other = market.manager.post("pipelines", {"name": "渠道"})
    far = market.manager.post("stages", {"pipeline": other["id"], "name": "洽谈", "probability": "30"})
    deal = market.deal(market.customer())
    path = f"opportunities/{deal['id']}"
    assert market.sales.post(f"{path}/advance", {"to": far["id"]}, status=422)["code"] == "other_pipeline"
    near = stages(market)["方案"]
    changed = market.sales.patch(path, {"stage": near["id"], "version": 1}, status=409)
    assert changed["code"] == "only_by_verb"
    market.manager.post(f"stages/{near['id']}/retire")
    assert market.sales.post(f"{path}/advance", {"to": near["id"]}, status=409)["code"] == "stage_retired"
    on_other = market.deal(market.customer(), pipeline=other["id"])
    assert (on_other["stage"]["label"], on_other["probability"]) == ("洽谈", "30")
    market.manager.post(f"pipelines/{other['id']}/make_default")
    assert market.deal(market.customer())["pipeline"]["id"] == other["id"]
    assert [p["name"] for p in market.sales.list("pipelines") if p["is_default"]] == ["渠道"]


def test_a_gate_names_fields_of_a_deal(market: Market) -> None:
    stage = {"pipeline": market.sales.list("pipelines")[0]["id"], "name": "x", "gate": ["amuont"]}
    assert market.manager.post("stages", stage, status=422)["code"] == "unknown_gate_field"
    assert market.manager.post("stages", {**stage, "gate": ["x_budget"], "probability": "101"}, status=422)[
        "code"
    ] == ("percent_range")


def test_won_lost_and_back(market: Market) -> None:
    deal = market.deal(market.customer())
    path = f"opportunities/{deal['id']}"
    problem = market.sales.post(f"{path}/win", {"on": "2026-03-01"}, status=422)
    assert (problem["code"], problem["field"]) == ("needed", "amount")
    market.sales.patch(path, {"amount": "5.00", "version": 1})
    won = market.sales.post(f"{path}/win", {"on": "2026-03-01"})
    assert (won["state"], won["close_on"], won["probability"]) == ("won", "2026-03-01", "100")
    market.sales.post(f"{path}/reopen", status=403)
    back = market.manager.post(f"{path}/reopen")
    assert (back["state"], back["probability"]) == ("open", "10")
    lost = market.sales.post(f"{path}/lose", {"why": "price", "note": "贵", "competitor": "甲厂"})
    assert (lost["lost_why"], lost["competitor"], lost["probability"]) == ("price", "甲厂", "0")
    market.sales.post(f"{path}/lose", {"why": "bad luck"}, status=409)


def test_follow_ups(market: Market) -> None:
    deal = market.deal(market.customer())
    visit = {
        "opportunity": deal["id"],
        "kind": "visit",
        "text": "拜访张总\n谈价格",
        "happened_at": "2026-02-27T15:00:00+08:00",
    }
    done = market.sales.post("activities", visit)
    assert (done["state"], done["subject"], done["happened_at"][:10]) == ("done", "拜访张总", "2026-02-27")
    assert done["customer"]["id"] == deal["customer"]["id"]
    open_ = market.sales.post(f"activities/{done['id']}/follow_up", {"on": "2026-03-09", "what": "送样"})
    assert (open_["state"], open_["next_on"], open_["next_what"]) == ("open", "2026-03-09", "送样")
    assert market.sales.post(f"activities/{done['id']}/complete", {"result": "已送"})["state"] == "done"
    assert market.sales.post("activities", {"text": "?"}, status=422)["code"] == "about_nobody"
