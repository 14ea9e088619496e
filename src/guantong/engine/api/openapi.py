"""The OpenAPI 3.1 document: every address of `urls`, typed per shipped object, built once per process.

Paths come from the address list itself, so that nothing is served undescribed; `operations` knows what goes in and
out of each view, `schemas` how records look. Tenants' own objects are described by `/api/meta`, not here.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import get_resolver

from guantong.engine.api import operations, schemas, shapes
from guantong.engine.objects.registry import all_objects
from guantong.engine.objects.spec import ObjectSpec, VerbSpec

API = "guantong.engine.api.urls"
PART = re.compile(r"<(?:[a-z]+:)?([a-z_]+)>")
PER_OBJECT = ("records/", "verbs/", "aggregate/")
ABOUT = (
    "Guantong 贯通, lead to cash. Money is text, never a JSON number. Every unsafe call takes an Idempotency-Key; "
    "replies of committed work are kept for retries. Errors are RFC 9457 problems with stable codes."
)


def serve(http: HttpRequest) -> HttpResponse:
    """Serve this document; no sign-in is needed."""
    text, etag = _built()
    if http.headers.get("If-None-Match") == etag:
        response = HttpResponse(status=304)
    else:
        response = HttpResponse(text, content_type="application/json; charset=utf-8")
    response["ETag"] = etag
    response["Cache-Control"] = "no-cache"
    return response


@cache
def _built() -> tuple[bytes, str]:
    text = json.dumps(document(), ensure_ascii=False, separators=(",", ":")).encode()
    return text, f'"{hashlib.sha256(text).hexdigest()[:32]}"'


def document() -> dict[str, Any]:
    """The whole document as plain values."""
    paths: dict[str, dict[str, Any]] = {}
    for place, method, operation in _operations():
        paths.setdefault(place, {})[method.lower()] = operation
    components = {
        "schemas": {**shapes.SCHEMAS, **schemas.all_schemas()},
        "parameters": shapes.PARAMETERS,
        "responses": shapes.RESPONSES,
        "securitySchemes": shapes.SECURITY,
    }
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Guantong 贯通",
            "version": _version(),
            "description": ABOUT,
            "license": shapes.LICENSE,
        },
        "servers": [{"url": "/"}],
        "security": [{"bearer": []}, {"session": [], "csrf": []}],
        "tags": _tags(),
        "paths": paths,
        "components": components,
    }


def _operations() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """(path, method, operation) of every address, those of records once per object and verb."""
    for pattern in get_resolver(API).url_patterns:
        route = str(pattern.pattern)
        for method, view in pattern.callback.methods.items():
            for place, spec, verb in _places(route):
                asked = operations.Asked(
                    route=route, method=method, view=view, spec=spec, verb=verb, place=place
                )
                yield place, method, operations.describe(asked)


def _places(route: str) -> Iterator[tuple[str, ObjectSpec | None, VerbSpec | None]]:
    if not route.startswith(PER_OBJECT):
        yield _template(route), None, None
        return
    for spec in all_objects().values():
        if route.endswith("/adopt") and not spec.model.adopt_states:
            continue
        one = route.replace("<str:plural>", spec.plural)
        if "<str:verb>" not in one:
            yield _template(one), spec, None
            continue
        for verb in spec.verbs.values():
            if not verb.internal:
                yield _template(one.replace("<str:verb>", verb.name)), spec, verb


def _template(route: str) -> str:
    return "/api/" + PART.sub(r"{\1}", route)


def _tags() -> list[dict[str, str]]:
    objects = [
        {"name": spec.plural, "description": spec.doc.split("\n")[0]} for spec in all_objects().values()
    ]
    return [*objects, *({"name": name, "description": text} for name, text in operations.TAGS.items())]


def _version() -> str:
    try:
        return version("guantong")
    except PackageNotFoundError:
        return "0"
