"""fetch · query: what may be read, straight from PostgreSQL as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import connection

from guantong.base.errors import NotFound
from guantong.engine.access.actor import Actor
from guantong.engine.access.asking import identify
from guantong.engine.access.grants import allowed, may_ever, rule_of
from guantong.engine.access.rules import TRUE
from guantong.engine.access.show import RecordView, readable
from guantong.engine.door.request import Reply, Request
from guantong.engine.objects.spec import ObjectSpec
from guantong.engine.query.listing import Page, read_page
from guantong.engine.query.reports import all_reports, read_report
from guantong.engine.query.totals import read_totals
from guantong.engine.tenancy.scope import scope


def whoever(request: Request) -> Actor:
    """The actor of a reading request; needs an open scope."""
    return identify(request.credentials)[0]


def listing(request: Request, spec: ObjectSpec, page: Page) -> Reply:
    """One page of records. Raises Invalid."""
    with scope(request.credentials.tenant):
        return Reply(text=read_page(spec, whoever(request), page))


def totals(request: Request, spec: ObjectSpec, page: Page, group: str, measure: str) -> Reply:
    """Groups and measures. Raises Invalid."""
    with scope(request.credentials.tenant):
        return Reply(text=read_totals(spec, whoever(request), page, group, measure))


def report(request: Request, name: str, asked: Mapping[str, str]) -> Reply:
    """A report of the books or of another module. Raises NotFound, NotAllowed, Invalid."""
    with scope(request.credentials.tenant):
        return Reply(text=read_report(name, whoever(request), asked))


def reports(request: Request) -> Reply:
    """The reports that the caller may read."""
    with scope(request.credentials.tenant):
        return Reply(text=json.dumps({"items": all_reports(whoever(request))}))


def fetch(request: Request, spec: ObjectSpec, id: UUID) -> Reply:
    """One record with its lines and its verbs: which are open, and why not. Raises NotFound."""
    with scope(request.credentials.tenant):
        actor = whoever(request)
        text = record_text(spec, actor, id)
        verbs = open_verbs(spec, actor, id, json.loads(text))
    return Reply(text=f'{text[:-1]},"verbs":{json.dumps(verbs)}}}')


def record_text(spec: ObjectSpec, actor: Actor, id: UUID) -> str:
    """A record as JSON text; unknown and not readable look alike. Needs an open scope."""
    view = RecordView(spec, actor)
    with connection.cursor() as cursor:
        cursor.execute(view.json(f"{spec.table} r", f"{readable(spec, actor, 'r')} AND r.id = %s"), [id])
        row = cursor.fetchone()
    if row is None:
        raise NotFound("not_found", object=spec.plural)
    return row[0]


def open_verbs(spec: ObjectSpec, actor: Actor, id: UUID, record: dict[str, Any]) -> dict[str, Any]:
    """Verb → {"open": …, "why": …}; verbs that the actor's roles never have are absent."""
    possible = [
        verb for verb in spec.verbs.values() if not verb.internal and may_ever(spec, verb.name, actor)
    ]
    actions = [verb.name for verb in possible] + [
        name for name in ("write", "delete") if may_ever(spec, name, actor) and rule_of(spec.model, name)
    ]
    rules = {name: allowed(spec, name, actor, "r") for name in actions}
    asked = [name for name, rule in rules.items() if rule != TRUE]
    answers: dict[str, bool] = {}
    if asked:
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT {', '.join(rules[name] for name in asked)} FROM {spec.table} r "
                "WHERE r.tenant = %s AND r.id = %s",
                [actor.tenant, id],
            )
            answers = dict(zip(asked, cursor.fetchone(), strict=True))
    found: dict[str, Any] = {
        name: _plain_answer(answers.get(name, True)) for name in ("write", "delete") if name in rules
    }
    for verb in possible:
        found[verb.name] = _answer(verb, record, answers.get(verb.name, True))
    return found


def _plain_answer(may: bool | None) -> dict[str, Any]:
    return {"open": True} if may else {"open": False, "why": "not_allowed"}


def _answer(verb: Any, record: dict[str, Any], may: bool | None) -> dict[str, Any]:
    if not may:
        return {"open": False, "why": "not_allowed"}
    if verb.sources and record.get("state") not in verb.sources:
        return {"open": False, "why": "wrong_state", "states": list(verb.sources)}
    if missing := [name for name in verb.needs if not record.get(name)]:
        return {"open": False, "why": "needed", "fields": missing}
    return {"open": True}


def must_read(spec: ObjectSpec, actor: Actor, id: UUID) -> None:
    """Raise NotFound unless the actor may read the record. Needs an open scope."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT 1 FROM {spec.table} r WHERE {readable(spec, actor, 'r')} AND r.id = %s", [id])
        if cursor.fetchone() is None:
            raise NotFound("not_found", object=spec.plural)


def identity(text: str) -> UUID:
    """An id from an address; raises NotFound for what is none."""
    try:
        found = UUID(text)
    except ValueError:
        raise NotFound("not_found") from None
    if str(found) != text.lower():
        raise NotFound("not_found")
    return found
