"""What the caller can work with: objects, fields, verbs, states, views and rights, in the caller's language."""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache

from django.http import HttpRequest, HttpResponse, HttpResponseBase

from guantong.engine.access.actor import Actor
from guantong.engine.api.asking import language_of, request_of
from guantong.engine.api.described import Reader, list_objects, object_meta
from guantong.engine.door.read import whoever
from guantong.engine.objects.registry import object_called
from guantong.engine.tenancy.scope import scope


def all_meta(http: HttpRequest) -> HttpResponseBase:
    """List the objects that the caller may read or create."""
    return _answer(http, *_cached("", _reader(http)))


def one_meta(http: HttpRequest, plural: str) -> HttpResponseBase:
    """Describe one object: fields, lines, verbs, states, views and the caller's rights."""
    spec = object_called(plural)
    return _answer(http, *_cached(spec.plural, _reader(http)))


def _reader(http: HttpRequest) -> Reader:
    request = request_of(http)
    with scope(request.credentials.tenant):
        return reader_of(whoever(request), language_of(http))


def reader_of(actor: Actor, language: str) -> Reader:
    """What of an actor decides on the description: roles, and whether there is somebody below."""
    return Reader(roles=actor.roles, leads=bool(actor.circle), system=actor.system, language=language)


@lru_cache(maxsize=1000)
def _cached(plural: str, reader: Reader) -> tuple[bytes, str]:
    """The description as bytes with its ETag: the hash of what is sent, so it changes with the build."""
    found = object_meta(object_called(plural), reader) if plural else list_objects(reader)
    text = json.dumps(found, ensure_ascii=False).encode()
    return text, f'"{hashlib.sha256(text).hexdigest()[:32]}"'


def _answer(http: HttpRequest, text: bytes, etag: str) -> HttpResponse:
    sent = [part.strip().removeprefix("W/") for part in http.headers.get("If-None-Match", "").split(",")]
    response = (
        HttpResponse(status=304)
        if etag in sent
        else HttpResponse(text, content_type="application/json; charset=utf-8")
    )
    response["ETag"] = etag
    response["Cache-Control"] = "private, no-cache"
    response["Vary"] = "Accept-Language, Authorization, Cookie"
    return response
