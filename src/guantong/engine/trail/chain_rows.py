"""Nodes and edges of a chain as the rows stand now: one statement for all records, one for all their lines."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import connection

from guantong.engine.access.actor import Actor
from guantong.engine.access.grants import allowed, hidden_fields
from guantong.engine.access.show import RecordView, label_sql
from guantong.engine.fields.spec import FieldSpec
from guantong.engine.objects.registry import by_model, by_name
from guantong.engine.objects.spec import ObjectSpec
from guantong.engine.trail.comment import moment
from guantong.engine.trail.reading import Named

TOTALS = ("gross", "total", "amount", "net")


@dataclass(frozen=True, kw_only=True)
class Node:
    """A record on the chain; `above` are (role, object, id) of what it links to upstream."""

    key: Named
    readable: bool
    event_no: int
    above: list[tuple[str, str, UUID]] = field(default_factory=list)
    facts: Mapping[str, Any] = field(default_factory=dict)

    def shown(self) -> dict[str, Any]:
        """As the API shows it; of what the reader may not see, a lock and nothing more."""
        start = {"object": self.key[0], "plural": by_name()[self.key[0]].plural, "id": str(self.key[1])}
        return {**start, **self.facts} if self.readable else {**start, "locked": True}


@dataclass(frozen=True, kw_only=True)
class Edge:
    """A link from upstream to downstream, with how much of it where lines say so."""

    above: Named
    below: Named
    role: str
    quantity: str | None = None
    amount: str | None = None

    def shown(self, readable: bool) -> dict[str, Any]:
        """As the API shows it; figures belong to the document below."""
        found = {
            "from": {"object": self.above[0], "id": str(self.above[1])},
            "to": {"object": self.below[0], "id": str(self.below[1])},
            "role": self.role,
        }
        if readable:
            found |= {
                k: v for k, v in (("quantity", self.quantity), ("amount", self.amount)) if v is not None
            }
        return found


def read_nodes(actor: Actor, keys: Iterable[Named]) -> dict[Named, Node]:
    """The records that still exist. One statement."""
    wanted = _by_object(keys)
    selects = [_node_sql(by_name()[name], actor) for name in wanted]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(selects), list(wanted.values()))
        rows = cursor.fetchall()
    found = {}
    for name, id, readable, event_no, above, facts in rows:
        links = [
            (role, target, UUID(linked)) for role, target, linked in json.loads(above) if linked and target
        ]
        facts = {key: value for key, value in json.loads(facts).items() if value is not None}
        found[name, id] = Node(key=(name, id), readable=readable, event_no=event_no, above=links, facts=facts)
    return found


def _node_sql(spec: ObjectSpec, actor: Actor) -> str:
    view = RecordView(spec, actor)
    hidden = hidden_fields(spec, actor)
    facts = {
        "number": "nullif(r.number, '')",
        "label": label_sql(spec, actor, "r"),
        "happened_at": moment("r.happened_at"),
    }
    if "state" in spec.fields and "state" not in hidden:
        facts["state"] = "r.state"
    if (total := total_field(spec)) and total.name not in hidden:
        facts |= {"amount": total.sql(view), "currency": f'r."{total.currency}"'}
    pairs = ", ".join(f"'{key}', {sql}" for key, sql in facts.items())
    links = ", ".join(
        f"json_build_array('{f.name}', '{by_model()[f.target].name}', r.\"{f.attribute}\")"
        for f in spec.fields.values()
        if f.chain and f.target in by_model()
    )
    source = "json_build_array('source', r.source_object, r.source_id)"
    return (
        f"SELECT '{spec.name}', r.id, {allowed(spec, 'read', actor, 'r')}, r.event_no, "
        f"json_build_array({', '.join(filter(None, [links, source]))})::text, json_build_object({pairs})::text "
        f"FROM {spec.table} r WHERE r.tenant = '{actor.tenant}' AND r.id = ANY(%s)"
    )


def total_field(spec: ObjectSpec) -> FieldSpec | None:
    """The amount by which a document is known: `Screen.amount`, else gross, total, amount, net."""
    for name in (spec.screen.get("amount"), *TOTALS):
        found = spec.fields.get(name) if name else None
        if found is not None and found.kind.name == "amount" and found.currency in spec.fields:
            return found
    return None


def read_edges(actor: Actor, nodes: Mapping[Named, Node]) -> list[Edge]:
    """Links between the nodes. Edges by lines carry their sums, and stand for the header's own `source`."""
    edges = {}
    for node in nodes.values():
        for role, name, id in node.above:
            if (name, id) in nodes and (name, id) != node.key:
                edges.setdefault(((name, id), node.key), Edge(above=(name, id), below=node.key, role=role))
    for below, above, quantity, amount in _line_sources(actor, nodes):
        if above in nodes and above != below:
            role = edges[above, below].role if (above, below) in edges else "source"
            edges[above, below] = Edge(above=above, below=below, role=role, quantity=quantity, amount=amount)
    return list(edges.values())


def _line_sources(
    actor: Actor, nodes: Mapping[Named, Node]
) -> list[tuple[Named, Named, str | None, str | None]]:
    """(document, source, quantity, amount) from lines. One statement; hidden line fields are left out."""
    wanted = {name: ids for name, ids in _by_object(nodes).items() if by_name()[name].line_model}
    if not wanted:
        return []
    selects = []
    for name in wanted:
        spec = by_name()[name]
        hidden = hidden_fields(spec, actor)
        view = RecordView(spec, actor)
        amount = spec.line_fields["source_amount"].kind.sql(
            "sum(n.source_amount)", spec.line_fields["source_amount"], view
        )
        shown = {"source_quantity": "trim_scale(sum(n.source_quantity))::text", "source_amount": amount}
        columns = ", ".join("NULL::text" if key in hidden else sql for key, sql in shown.items())
        currency = (
            ', r."currency"' if "currency" in spec.fields else ""
        )  # a journal entry has none of its own
        selects.append(
            f"SELECT '{name}', n.header_id, n.source_object, n.source_id, {columns} FROM {spec.line_table} n "
            f"JOIN {spec.table} r ON r.tenant = '{actor.tenant}' AND r.id = n.header_id "
            f"WHERE n.tenant = '{actor.tenant}' AND n.header_id = ANY(%s) AND n.source_id IS NOT NULL "
            f"GROUP BY n.header_id, n.source_object, n.source_id{currency}"
        )
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(selects), list(wanted.values()))
        return [
            ((name, id), (above, above_id), q, a) for name, id, above, above_id, q, a in cursor.fetchall()
        ]


def _by_object(keys: Iterable[Named]) -> dict[str, list[UUID]]:
    found: dict[str, list[UUID]] = defaultdict(list)
    for name, id in keys:
        found[name].append(id)
    return found
