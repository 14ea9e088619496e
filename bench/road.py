"""The short road, lead to settled invoice with five lines, through the door with the rights of four people."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID, uuid4

from guantong.engine.access.asking import Credentials
from guantong.engine.door import read, write
from guantong.engine.door.request import Reply, Request
from guantong.engine.objects.registry import object_called
from guantong.engine.query.listing import Page
from tests.world import World

LINES = 5


class Road:
    """One organization with a catalogue; `walk()` takes a new lead to a settled invoice."""

    def __init__(self, world: World | None = None) -> None:
        self.world = world or World()
        self.world.later(hours=1)
        self.tenant = self.world.tenant
        self.steps: list[str] = []
        unit = self.post("赵敏", "units", {"name": "台", "code": "set"})
        taxed = {"name": "13%", "code": "13", "rates": [{"valid_from": "2019-04-01", "percent": "13"}]}
        tax_class = self.post("赵敏", "tax_classes", taxed)
        self.products = [
            self.post(
                "赵敏",
                "products",
                {
                    "code": f"M{place}",
                    "name": f"数控机床 {place}",
                    "unit": unit["id"],
                    "tax_class": tax_class["id"],
                    "list_price": f"{place}39000.00",
                },
            )["id"]
            for place in range(1, LINES + 1)
        ]
        pipeline = self.list("王磊", "pipelines")[0]["id"]
        stages = self.list(
            "王磊", "stages", {"field": "pipeline", "op": "eq", "value": pipeline}, sort="position"
        )
        self.stage = stages[1]["id"]
        self.bank = self.post(
            "陈静",
            "bank_accounts",
            {
                "entity": str(self.world.entity.id),
                "holder": "华辰装备有限公司",
                "bank": "中国工商银行",
                "account_number": "6222021001116245702",
            },
        )["id"]

    def walk(self) -> dict[str, Any]:
        """Take one deal the whole way; returns the settled invoice."""
        lead = self.post("王磊", "leads", {"company": f"客户 {uuid4().hex[:8]}", "contact_name": "王强"})
        self.verb("王磊", "leads", lead, "qualify")
        lead = self.verb("王磊", "leads", lead, "convert", {"name": "产线改造", "amount": "1000.00"})
        deal, customer = lead["opportunity"], lead["customer"]["id"]
        self.verb("王磊", "opportunities", deal, "advance", {"to": self.stage})
        quote = self.post("王磊", "quotes", {"opportunity": deal["id"]})
        lines = [{"product": product, "quantity": "2"} for product in self.products]
        version = self.post("王磊", "quote_versions", {"quote": quote["id"], "lines": lines})
        self.verb("王磊", "quote_versions", version, "send")
        self.verb("王磊", "quote_versions", version, "accept")
        order = self.downstream("张伟", "orders", version)
        self.verb("张伟", "orders", order, "confirm")
        invoice = self.downstream("陈静", "invoices", order)
        invoice = self.verb("陈静", "invoices", invoice, "issue")
        receipt = self.post(
            "陈静",
            "receipts",
            {
                "amount": invoice["gross"],
                "received_on": "2026-03-02",
                "bank_account": self.bank,
                "payer_name": "客户",
            },
        )
        self.verb("陈静", "receipts", receipt, "record")
        self.verb("王磊", "receipts", receipt, "claim", {"customer": customer})
        self.verb("陈静", "receipts", receipt, "confirm")
        splits = [{"invoice": invoice["id"], "amount": invoice["gross"]}]
        self.verb("陈静", "receipts", receipt, "allocate", {"splits": splits})
        self.verb("王磊", "opportunities", deal, "win")
        return invoice

    # -- calls ------------------------------------------------------------------------------------

    def post(self, who: str, plural: str, body: dict[str, Any]) -> dict[str, Any]:
        """Create a record."""
        self.steps.append(f"{plural}.created")
        return self._done(write.create(self._request(who, plural, body), object_called(plural)))

    def verb(
        self, who: str, plural: str, record: dict[str, Any], verb: str, body: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """Run a verb."""
        self.steps.append(f"{plural}.{verb}")
        request = self._request(who, f"{plural}/{record['id']}/{verb}", body or {})
        return self._done(write.verb(request, object_called(plural), UUID(record["id"]), verb))

    def list(self, who: str, plural: str, filter: Any = None, sort: str = "") -> list[dict[str, Any]]:
        """Read a list; not a step of the road."""
        reply = read.listing(
            self._request(who, plural, None), object_called(plural), Page(filter=filter, sort=sort)
        )
        return json.loads(reply.text)["items"]

    def downstream(self, who: str, plural: str, source: dict[str, Any]) -> dict[str, Any]:
        """The document that a reaction made from `source`; read in the way the test looks, not counted as a step."""
        (found,) = self.list(who, plural, {"field": "source_id", "op": "eq", "value": source["id"]})
        return found

    def _request(self, who: str, route: str, body: Any) -> Request:
        credentials = Credentials(tenant=self.tenant, user=self.world.users[who].id)
        return Request(credentials=credentials, route=route, body=body, key=uuid4().hex)

    def _done(self, reply: Reply) -> dict[str, Any]:
        assert reply.pending == 0, f"{reply.pending} reactions are left"
        return json.loads(reply.text)
