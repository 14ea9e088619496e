"""The chain of a document: the graph of what it came from and what came of it, lead to cash.

Found along the event log (`walk`), shown by the rows as they stand now (`rows`). Parties and other master data (objects
without a road of their own, or with `hub = True`) are shown but not walked down: else every deal of a customer
would be one chain. Four statements, however long the chain is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from guantong.base.clock import now
from guantong.engine.access.actor import Actor
from guantong.engine.door.read import must_read
from guantong.engine.fields.simple import MomentKind
from guantong.engine.objects.registry import by_name
from guantong.engine.objects.spec import ObjectSpec
from guantong.engine.trail.chain_rows import Edge, read_edges, read_nodes
from guantong.engine.trail.chain_walk import is_hub, walk
from guantong.engine.trail.reading import Named

MOST_NODES = 200


def chain(spec: ObjectSpec, actor: Actor, id: UUID) -> dict[str, Any]:
    """`{"nodes": […], "edges": […], "rev", "as_of"}`. Raises NotFound."""
    must_read(spec, actor, id)
    start = (spec.name, id)
    nodes = read_nodes(actor, walk(actor.tenant, start))
    edges = read_edges(actor, nodes)
    chosen = connected(start, edges)[:MOST_NODES]
    kept = {key: nodes[key] for key in chosen}
    shown = [edge for edge in edges if edge.above in kept and edge.below in kept]
    return {
        "nodes": [node.shown() for node in kept.values()],
        "edges": [edge.shown(kept[edge.below].readable) for edge in shown],
        "more": len(chosen) < len(connected(start, edges)),
        "rev": sum(node.event_no for node in kept.values()),
        "as_of": MomentKind().to_json(now()),
    }


def connected(start: Named, edges: Iterable[Edge]) -> list[Named]:
    """Start, what is above it, what is below those, and what is above these; by the links that hold today."""
    upward, downward = defaultdict(list), defaultdict(list)
    for edge in edges:
        upward[edge.below].append(edge.above)
        downward[edge.above].append(edge.below)
    above = _reach([start], upward)
    roots = [key for key in above if key == start or not is_hub(by_name()[key[0]])]
    below = _reach(roots, downward, stop=lambda key: key != start and is_hub(by_name()[key[0]]))
    return list(dict.fromkeys([*above, *below, *_reach(below, upward)]))


def _reach(starts: Iterable[Named], steps: Any, stop: Any = lambda key: False) -> list[Named]:
    found = dict.fromkeys(starts)
    waiting = list(found)
    for key in waiting:
        if stop(key):
            continue
        for following in steps.get(key, ()):
            if following not in found:
                found[following] = None
                waiting.append(following)
    return list(found)
