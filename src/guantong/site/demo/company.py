"""Company: people of the demo at work: they post records and run verbs through the door, with their own rights."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from guantong.engine.access.asking import Credentials
from guantong.engine.door import read, write
from guantong.engine.door.request import Request
from guantong.engine.objects.registry import object_called
from guantong.engine.query.listing import Page

Facts = dict[str, Any]


@dataclass
class Company:
    """A tenant with its people by name, and what they made that others need."""

    tenant: UUID
    people: dict[str, UUID]
    entities: list[str]
    stock: dict[str, Any] = field(default_factory=dict)

    def post(self, who: str, plural: str, **body: Any) -> Facts:
        """Create a record as `who`."""
        return _facts(write.create(self._request(who, plural, body), object_called(plural)).text)

    def verb(self, who: str, plural: str, record: Facts, verb: str, **body: Any) -> Facts:
        """Run a verb as `who`."""
        request = self._request(who, f"{plural}/{record['id']}/{verb}", body)
        return _facts(write.verb(request, object_called(plural), UUID(record["id"]), verb).text)

    def change(self, who: str, plural: str, id: str, **body: Any) -> Facts:
        """Change fields as `who`."""
        return _facts(
            write.change(self._request(who, f"{plural}/{id}", body), object_called(plural), UUID(id)).text
        )

    def list(self, who: str, plural: str, sort: str = "", **equal: Any) -> list[Facts]:
        """The first records whose fields equal the given values."""
        conditions = [{"field": name, "op": "eq", "value": value} for name, value in equal.items()]
        page = Page(filter={"and": conditions}, sort=sort, limit=100)
        return _facts(read.listing(self._request(who, plural, None), object_called(plural), page).text)[
            "items"
        ]

    def _request(self, who: str, route: str, body: Any) -> Request:
        return Request(
            credentials=Credentials(tenant=self.tenant, user=self.people[who]),
            route=route,
            body=body,
            channel="demo",
        )


def _facts(text: str) -> Facts:
    return json.loads(text)
