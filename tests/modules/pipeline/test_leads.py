"""From lead to deal: convert makes all or nothing, and can be taken back while nothing else happened."""

from __future__ import annotations

from typing import Any

import pytest

from tests.modules.selling import OUTSIDER, Market

MADE = ("customers", "contacts", "opportunities")


def qualified(market: Market, **facts: Any) -> Any:
    known = {"company": "苏州精工", "contact_name": "张三", "mobile": "13800000000", "need": "三台机床\n要快"}
    lead = market.sales.post("leads", {**known, **facts})
    return market.sales.post(f"leads/{lead['id']}/qualify")


def convert(market: Market, lead: Any, body: Any = None, **more: Any) -> Any:
    return market.sales.post(f"leads/{lead['id']}/convert", body or {}, **more)


def count(market: Market) -> list[int]:
    return [len(market.sales.list(plural)) for plural in MADE]


def test_convert_makes_customer_contact_and_deal(market: Market) -> None:
    lead = convert(
        market, qualified(market, lead_source="展会"), {"amount": "1017000.00", "close_on": "2026-06-30"}
    )
    assert count(market) == [1, 1, 1]
    deal = market.sales.get(f"opportunities/{lead['opportunity']['id']}")
    assert deal["customer"]["id"] == lead["customer"]["id"] and deal["lead"]["id"] == lead["id"]
    assert (deal["name"], deal["amount"], deal["lead_source"]) == ("三台机床", "1017000.00", "展会")
    assert (deal["stage"]["label"], deal["probability"]) == ("接触", "10")
    person = market.sales.get(f"contacts/{lead['contact']['id']}")
    assert (person["name"], person["mobile"], person["customer"]["id"]) == (
        "张三",
        "13800000000",
        lead["customer"]["id"],
    )
    assert all(record["owner"]["label"] == "王磊" for record in (lead, deal, person))


def test_convert_to_a_known_customer(market: Market) -> None:
    customer = market.customer()
    lead = convert(market, qualified(market), {"customer": customer["id"]})
    assert lead["customer"]["id"] == customer["id"] and count(market) == [1, 1, 1]
    back = market.sales.post(f"leads/{lead['id']}/unconvert")
    assert back["customer"] is None and count(market) == [1, 0, 0], "the customer was there before"


def test_all_or_nothing(market: Market) -> None:
    lead = qualified(market, credit_code="91350100M000100Y44")
    with market.world.unchanged("a refused conversion"):
        problem = convert(market, lead, status=422)
    assert problem["field"] == "credit_code"


def test_unconvert_takes_all_back(market: Market) -> None:
    lead = convert(market, qualified(market))
    back = market.sales.post(f"leads/{lead['id']}/unconvert")
    assert (back["state"], back["customer"], back["opportunity"]) == ("qualified", None, None)
    assert count(market) == [0, 0, 0]
    assert convert(market, back)["state"] == "converted"


def test_undo_of_the_event_is_unconvert(market: Market) -> None:
    lead = convert(market, qualified(market))
    event = next(e for e in market.world.events_of(lead) if e.verb == "convert")
    assert market.sales.post(f"/undo/{event.id}")["state"] == "qualified"


@pytest.mark.parametrize("made", ["customer", "contact", "opportunity"])
def test_unconvert_is_refused_once_something_happened(market: Market, made: str) -> None:
    lead = convert(market, qualified(market))
    plural = {"customer": "customers", "contact": "contacts", "opportunity": "opportunities"}[made]
    market.sales.patch(f"{plural}/{lead[made]['id']}", {"note": "新", "version": 1})
    with market.world.unchanged("a refused unconvert"):
        assert market.sales.post(f"leads/{lead['id']}/unconvert", status=409)["code"] == "changed_since"


def test_unconvert_is_refused_once_something_refers_to_it(market: Market) -> None:
    lead = convert(market, qualified(market))
    market.sales.post("activities", {"opportunity": lead["opportunity"]["id"], "text": "拜访"})
    assert market.sales.post(f"leads/{lead['id']}/unconvert", status=409)["code"] == "in_use"


def test_what_qualifying_needs(market: Market) -> None:
    lead = market.sales.post("leads", {"company": "甲"})
    problem = market.sales.post(f"leads/{lead['id']}/qualify", status=422)
    assert (problem["code"], problem["field"]) == ("needed", "contact_name")
    assert market.sales.post("leads", {"need": "?"}, status=422)["code"] == "lead_without_name"


def test_lost_and_taken_up_again(market: Market) -> None:
    lead = market.sales.post("leads", {"company": "甲"})
    lost = market.sales.post(f"leads/{lead['id']}/lose", {"why": "no_budget", "note": "明年"})
    assert (lost["state"], lost["lost_why"], lost["lost_note"]) == ("lost", "no_budget", "明年")
    market.sales.patch(f"leads/{lead['id']}", {"need": "x", "version": lost["version"]}, status=409)
    again = market.sales.post(f"leads/{lead['id']}/reopen")
    assert (again["state"], again["lost_why"]) == ("working", "")


def test_leads_are_the_owners_and_his_leads(market: Market) -> None:
    lead = market.sales.post("leads", {"company": "甲"})
    market.world.as_(OUTSIDER).get(f"leads/{lead['id']}", status=404)
    market.finance.get(f"leads/{lead['id']}", status=404)
    market.sales.post(f"leads/{lead['id']}/assign", {"to": market.world.id_of(OUTSIDER)}, status=403)
    market.manager.post(f"leads/{lead['id']}/assign", {"to": market.world.id_of(OUTSIDER)})
    market.sales.get(f"leads/{lead['id']}", status=404)
    assert market.world.as_(OUTSIDER).get(f"leads/{lead['id']}")["company"] == "甲"
