"""What each step of the short road sends to the database, BEGIN and COMMIT included: a ceiling per verb."""

from __future__ import annotations

from typing import Any

from guantong.engine.access.asking import Credentials, identify
from guantong.engine.door.drain import run_due
from guantong.engine.events.event import Event, Outbox
from guantong.engine.states.reaction import all_reactions
from guantong.engine.tenancy.scope import scope
from tests.modules.selling import SELLER, Market

OURS = ("pipeline.", "quoting.", "ordering.")


class Count:
    """Counts one request, without the reactions that it makes due; then does those, each counted too."""

    def __init__(self, market: Market) -> None:
        self.market, self.found = market, {}

    def __call__(self, what: str, caller: Any, path: str, body: Any = None) -> Any:
        off = {reaction.verb.spec: list(reaction.verb.spec.after) for reaction in all_reactions()}
        for verb in off:
            verb.after.clear()
        try:
            caller.get("stages")
            with self.market.world.statements() as sent:
                record = caller.post(path, body, key=what)
        finally:
            for verb, reactions in off.items():
                verb.after.extend(reactions)
        self.found[what] = len(sent)
        return record

    def react(self, record: Any, verb: str, name: str) -> None:
        tenant = self.market.world.tenant
        with scope(tenant):
            event = Event.objects.filter(record=record["id"], verb=verb).order_by("-event_no").first()
            Outbox.objects.bulk_create([Outbox(tenant=tenant, event=event.id, reaction=name)])
            user = self.market.world.users[SELLER].id
            actor, _ = identify(Credentials(tenant=tenant, user=user))
        with self.market.world.statements() as sent:
            assert run_due(tenant, [(event.id, name)], actor=actor) == 0
        self.found[name] = len(sent)


def test_ceilings(market: Market) -> None:
    count, sales = Count(market), market.sales
    lead = count("lead", sales, "leads", {"company": "甲", "contact_name": "乙"})
    count("work", sales, f"leads/{lead['id']}/work")
    count("qualify", sales, f"leads/{lead['id']}/qualify")
    lead = count("convert", sales, f"leads/{lead['id']}/convert", {"amount": "1017000.00"})
    deal, stage = lead["opportunity"]["id"], sales.list("stages", sort="position")[3]
    count("advance", sales, f"opportunities/{deal}/advance", {"to": stage["id"]})
    quote = count("quote", sales, "quotes", {"opportunity": deal})
    lines = [{"product": market.machine["id"], "quantity": "3"}, {"product": market.service["id"]}]
    version = count("quote_version", sales, "quote_versions", {"quote": quote["id"], "lines": lines})
    path = f"quote_versions/{version['id']}"
    count("send", sales, f"{path}/send")
    count("revise", sales, f"{path}/revise")
    other = sales.post(f"quote_versions/{version['id']}/revise")["revised_as"]["id"]
    sales.post(f"quote_versions/{other}/send")
    count("accept", sales, f"{path}/accept")
    count.react(version, "accept", "ordering.draft_order")
    count.react(version, "accept", "quoting.win_opportunity")
    count.react(version, "stand_alone", "quoting.supersede_others")
    count("win", sales, f"opportunities/{deal}/win", {"on": "2026-03-02"})
    market.limit(lead["customer"], "9000000.00")
    (order,) = sales.list("orders")
    count("order_confirm", market.operations, f"orders/{order['id']}/confirm")
    order = count("order", sales, "orders", {"customer": lead["customer"]["id"], "lines": lines})
    count("order_cancel", sales, f"orders/{order['id']}/cancel", {"why": "重复"})
    for name, ceiling in CEILINGS.items():
        assert count.found[name] <= ceiling, (name, count.found)
    assert set(count.found) == set(CEILINGS)


CEILINGS = {
    "lead": 5, "work": 6, "qualify": 6, "convert": 8, "advance": 7, "quote": 7, "quote_version": 8, "send": 7,
    "revise": 8, "accept": 8, "win": 6, "order_confirm": 10, "order": 8, "order_cancel": 7,
    "ordering.draft_order": 8, "quoting.win_opportunity": 6, "quoting.supersede_others": 8,
}  # fmt: skip
