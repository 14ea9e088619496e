"""L5: every list is bounded in rows, depth and conditions; page 5,000 costs what page 1 costs."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from django.db import connection, connections

from guantong.engine.access.actor import Actor
from guantong.engine.objects.registry import all_objects
from guantong.engine.query.listing import Page, read_page
from guantong.engine.tenancy.scope import scope
from tests.world import World

CONDITION = {"field": "name", "op": "eq", "value": "x"}


def nested(depth: int) -> Any:
    return CONDITION if depth == 0 else {"and": [nested(depth - 1)]}


@pytest.mark.parametrize(
    "query",
    [
        {"limit": "1000000000"},
        {"limit": "201"},
        {"limit": "0"},
        {"limit": "-1"},
        {"limit": "١٠"},
        {"limit": "9" * 30},
        {"filter": nested(50)},
        {"filter": nested(5)},
        {"filter": {"and": [CONDITION] * 51}},
        {"filter": {"or": [CONDITION] * 500}},
        {"filter": {"field": "name", "op": "in", "value": ["x"] * 501}},
        {"filter": {"field": "team.parent.parent.parent.parent.name", "op": "eq", "value": "x"}},
        {"filter": '{"and":' * 5000},
        {"filter": "[" * 20000},
        {"sort": "name,email,number,id"},
        {"cursor": "x" * 100},
        {"cursor": "bnVsbA=="},
        {"cursor": "WzEsMl0="},
        {"count": "all"},
        {"surprise": "1"},
        {"q": " "},
    ],
    ids=lambda query: f"{next(iter(query))}-{str(next(iter(query.values())))[:30]}",
)
def test_what_is_out_of_bounds_is_refused(shared: World, query: dict[str, Any]) -> None:
    for plural in ("users", "customers"):
        response = shared.as_("赵敏").call("GET", plural, **query)
        assert response.status_code in (400, 422), response.content[:300]


def test_the_bounds_themselves_are_served(shared: World) -> None:
    caller = shared.as_("赵敏")
    assert caller.list("users", limit=200)
    assert caller.get("users", filter={"and": [CONDITION] * 50}) == {"items": [], "next": None}
    assert caller.list("users", filter=nested(4)) == []


def test_page_5000_reads_no_more_than_page_1(shared: World) -> None:
    """Rows and blocks, not seconds: 10,000 units, pages of two."""
    _many_units(shared, 10_000)
    actor = Actor(tenant=shared.tenant, roles=frozenset({"administrator"}))
    spec, costs = all_objects()["units"], []
    with scope(shared.tenant):
        for offset in (0, 5_000 * 2 - 2):
            cursor = _cursor_after(offset)
            costs.append(
                _blocks(
                    lambda cursor=cursor: read_page(
                        spec, actor, Page(limit=2, sort="created_at", cursor=cursor)
                    )
                )
            )
    assert costs[1] <= costs[0] * 1.5 + 3, costs


def _many_units(world: World, many: int) -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "INSERT INTO catalog_unit SELECT (jsonb_populate_record(NULL::catalog_unit, jsonb_build_object("
            "'tenant', %s::text, 'id', gen_random_uuid(), 'name', 'u' || n, 'code', 'c' || n, 'number', '', "
            "'version', 1, 'event_no', 1, 'created_at', timestamptz '2026-01-01' + n * interval '1 second', "
            "'changed_at', now(), 'happened_at', now(), 'adopted', false, 'extra', '{}'::jsonb, "
            "'grams', '[]'::jsonb, 'decimals', 0, 'state', 'active'))).* FROM generate_series(1, %s) n",
            [str(world.tenant), many],
        )
    with connections["owner"].cursor() as cursor:
        cursor.execute("ANALYZE catalog_unit")


def _cursor_after(offset: int) -> str:
    if not offset:
        return ""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT created_at::text, id::text FROM catalog_unit ORDER BY created_at, id OFFSET %s LIMIT 1",
            [offset],
        )
        return base64.urlsafe_b64encode(json.dumps(cursor.fetchone()).encode()).decode()


def _blocks(work: Any) -> int:
    """Shared blocks that a piece of reading touches, by EXPLAIN of its one statement."""
    seen: list[tuple[str, Any]] = []

    def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        seen.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        work()
    sql, params = next((sql, params) for sql, params in seen if "_keys" in sql)
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {sql}", params)
        plan = cursor.fetchone()[0]
    plan = json.loads(plan) if isinstance(plan, str) else plan
    return plan[0]["Plan"]["Shared Hit Blocks"] + plan[0]["Plan"]["Shared Read Blocks"]
