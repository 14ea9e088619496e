"""Every verb in every state that it is not for: 409, and nothing happens. For all objects of the selling modules."""

from __future__ import annotations

from typing import Any

import pytest

from guantong.engine.objects.registry import all_objects
from guantong.engine.tenancy.scope import scope
from tests.modules.selling import Market, everyone_at_once

MODULES = ("customers", "catalog", "pipeline", "quoting", "ordering")
SPECS = [spec for spec in all_objects().values() if spec.module in MODULES and spec.states]


def one_of(market: Market, plural: str, caller: Any) -> str:
    """A new record that the caller owns."""
    caller_made = {
        "payment_terms": lambda: {"name": "月结", "parts": [{"share": "remainder"}]},
        "customers": lambda: {"name": "客户"},
        "bank_accounts": lambda: {
            "customer": market.customer()["id"], "holder": "甲", "account_number": "6222020000000001", "bank": "工行",
        },
        "contacts": lambda: {"name": "张三"},
        "invoice_titles": lambda: {"customer": market.customer()["id"], "title": "甲公司"},
        "products": lambda: {"code": "P9", "name": "九", "unit": market.unit["id"], "tax_class": market.vat13["id"]},
        "price_books": lambda: {"name": "价", "valid_from": "2026-01-01"},
        "pipelines": lambda: {"name": "项目"},
        "stages": lambda: {"pipeline": caller.list("pipelines")[0]["id"], "name": "试"},
        "opportunities": lambda: {"customer": caller.post("customers", {"name": "甲"})["id"], "name": "商机"},
        "leads": lambda: {"company": "甲", "contact_name": "乙"},
        "activities": lambda: {"customer": caller.post("customers", {"name": "甲"})["id"], "text": "电话"},
        "quotes": lambda: {"customer": caller.post("customers", {"name": "甲"})["id"]},
        "quote_versions": lambda: {"quote": one_of(market, "quotes", caller)},
        "orders": lambda: {"customer": caller.post("customers", {"name": "甲"})["id"]},
    }  # fmt: skip
    return caller.post(plural, caller_made[plural]())["id"]


@pytest.mark.parametrize("plural", [spec.plural for spec in SPECS])
def test_a_verb_in_a_wrong_state_is_refused(market: Market, plural: str) -> None:
    spec = all_objects()[plural]
    caller = everyone_at_once(market.world)
    id = one_of(market, plural, caller)
    tried, before = 0, len(market.world.events_of(id))
    for state in spec.states:
        with scope(market.world.tenant):
            spec.model.objects.filter(id=id).update(state=state)
        for verb in spec.verbs.values():
            if verb.internal or not verb.sources or state in verb.sources:
                continue
            problem = caller.post(f"{plural}/{id}/{verb.name}", {}, status=409)
            assert problem["code"] == "wrong_state", (state, verb.name)
            tried += 1
    assert len(market.world.events_of(id)) == before, "a refused verb left an event"
    assert tried or not any(verb.sources for verb in spec.verbs.values() if not verb.internal)


@pytest.mark.parametrize("plural", [spec.plural for spec in SPECS])
def test_internal_verbs_are_not_at_the_door(market: Market, plural: str) -> None:
    caller = everyone_at_once(market.world)
    internal = [verb.name for verb in all_objects()[plural].verbs.values() if verb.internal]
    id = one_of(market, plural, caller) if internal else ""
    for name in internal:
        assert caller.post(f"{plural}/{id}/{name}", {}, status=404)["code"] == "unknown_verb"
