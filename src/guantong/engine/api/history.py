"""What is told of a record: comments, the timeline, the record as it was."""

from __future__ import annotations

import json
from uuid import UUID

from django.http import HttpRequest

from guantong.base.errors import Invalid
from guantong.engine.api.asking import language_of, request_of
from guantong.engine.door.read import identity, whoever
from guantong.engine.door.request import Reply
from guantong.engine.door.work import do
from guantong.engine.objects.registry import object_called
from guantong.engine.tenancy.scope import scope
from guantong.engine.trail.comment import comments_of, say
from guantong.engine.trail.history import as_of, read_moment
from guantong.engine.trail.timeline import Timeline, timeline

MOST = 200


def list_comments(http: HttpRequest, plural: str, id: str) -> Reply:
    """List the comments of a record, newest first."""
    request, spec = request_of(http), object_called(plural)
    limit, cursor = paging(http)
    try:
        before = UUID(cursor) if cursor else None
    except ValueError:
        raise Invalid("bad_cursor", field="cursor") from None
    with scope(request.credentials.tenant):
        return Reply(text=comments_of(spec, whoever(request), identity(id), limit, before))


def add_comment(http: HttpRequest, plural: str, id: str) -> Reply:
    """Say something about a record, and name colleagues who should know."""
    request, spec, record = request_of(http), object_called(plural), identity(id)
    reply = do(request, spec, lambda unit: (say(unit, spec, record, request.body), ""))
    return Reply(**{**vars(reply), "status": 201})


def list_events(http: HttpRequest, plural: str, id: str) -> Reply:
    """List what happened to a record, newest first, in words."""
    request, spec = request_of(http), object_called(plural)
    limit, cursor = paging(http)
    if not ((cursor.isascii() and cursor.isdigit() and len(cursor) < 10) or not cursor):
        raise Invalid("bad_cursor", field="cursor")
    page = Timeline(limit=limit, before=int(cursor) if cursor else None, language=language_of(http))
    with scope(request.credentials.tenant):
        return _json(timeline(spec, whoever(request), identity(id), page))


def record_as_of(http: HttpRequest, plural: str, id: str) -> Reply:
    """Fetch a record as it was known at a moment, or at the end of a day."""
    request, spec = request_of(http), object_called(plural)
    if unknown := sorted(set(http.GET) - {"as_of"}):
        raise Invalid("unknown_parameter", field=unknown[0][:60])
    if not http.GET.get("as_of"):
        raise Invalid("required", field="as_of")
    at = read_moment(http.GET["as_of"][:40])
    with scope(request.credentials.tenant):
        return _json(as_of(spec, whoever(request), identity(id), at, language_of(http)))


def paging(http: HttpRequest) -> tuple[int, str]:
    """`limit` and `cursor` of an address. Raises Invalid."""
    if unknown := sorted(set(http.GET) - {"limit", "cursor"}):
        raise Invalid("unknown_parameter", field=unknown[0][:60])
    limit = http.GET.get("limit", "50")
    if not (limit.isascii() and limit.isdigit() and 1 <= int(limit[:9]) <= MOST):
        raise Invalid("bad_limit", field="limit", limit=MOST)
    return int(limit), http.GET.get("cursor", "")[:100]


def _json(value: object) -> Reply:
    return Reply(text=json.dumps(value, ensure_ascii=False))
