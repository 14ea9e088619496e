"""Many at once: a batch in one transaction, all or nothing; a verb for many ids, each in its own."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any
from uuid import UUID

from guantong.base.errors import Invalid, Problem
from guantong.engine.door.guard import lock_for
from guantong.engine.door.request import Reply, Request
from guantong.engine.door.work import do
from guantong.engine.door.write import alter, make, verb
from guantong.engine.objects.spec import ObjectSpec
from guantong.engine.states.reply import Batch
from guantong.engine.states.unit import Unit

MOST = 500


def batch(request: Request, spec: ObjectSpec) -> Reply:
    """`{"create": […], "change": [{"id", "version", …}], "delete": [id]}`: all or nothing.

    Raises a Problem whose field begins with the place of the row (`create.3.name`).
    """
    body = request.body
    if not isinstance(body, dict) or not set(body) <= {"create", "change", "delete"}:
        raise Invalid("not_an_object")
    if (
        not all(isinstance(rows, list) for rows in body.values())
        or not 1 <= sum(map(len, body.values())) <= MOST
    ):
        raise Invalid("batch_size", limit=MOST)

    def work(unit: Unit) -> tuple[Any, str]:
        done = Batch(spec)
        for index, row in enumerate(body.get("create", ())):
            with _at("create", index):
                done.made.append((make(unit, spec, row), "create"))
        for index, row in enumerate(body.get("change", ())):
            with _at("change", index):
                row = dict(row)
                done.made.append((alter(unit, spec, _id(row.pop("id", None)), row), "write"))
        for index, id in enumerate(body.get("delete", ())):
            with _at("delete", index):
                unit.remove(lock_for(unit, spec, _id(id), "delete"))
        return done, ""

    return do(request, spec, work)


class _at:
    """Names the row in whatever problem its work raises."""

    def __init__(self, word: str, index: int) -> None:
        self.at = f"{word}.{index}"

    def __enter__(self) -> None: ...

    def __exit__(self, kind: Any, error: Any, trace: Any) -> None:
        if isinstance(error, Problem):
            error.field = f"{self.at}.{error.field}" if error.field else self.at


def verbs(request: Request, spec: ObjectSpec, name: str) -> Reply:
    """`{"ids": […], …arguments}`: the verb for each id, each on its own; says per id what came of it."""
    body = dict(request.body or {})
    ids = body.pop("ids", None)
    if not isinstance(ids, list) or not 1 <= len(ids) <= MOST:
        raise Invalid("batch_size", field="ids", limit=MOST)
    results = []
    for id in ids:
        one = replace(
            request,
            body=body,
            key=f"{request.key}/{id}"[:255] if request.key else "",
            route=f"{request.route}/{id}",
        )
        try:
            reply = verb(one, spec, _id(id), name)
            results.append(
                {"id": id, "status": reply.status, "version": json.loads(reply.text).get("version")}
            )
        except Problem as problem:
            results.append({"id": id, "status": problem.status, "code": problem.code, "field": problem.field})
    return Reply(text=json.dumps({"items": results}))


def _id(value: Any) -> UUID:
    try:
        return UUID(value)
    except (TypeError, ValueError, AttributeError):
        raise Invalid("not_id", field="id") from None
