"""A plain readable page made from the OpenAPI document: no script, no foreign host.

The document is asked for through its own address with the visitor's own request, so that the page shows
exactly what the visitor may read.
"""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import Resolver404, resolve
from django.views.decorators.http import require_GET

from guantong.site.words import WORDS, language

ADDRESS = "/api/openapi.json"
METHODS = ("get", "post", "put", "patch", "delete")


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """Show the documentation, or why it cannot be shown."""
    lang = language(request)
    document, trouble = _document(request)
    facts = {
        "words": WORDS[lang],
        "lang": lang,
        "title": document.get("info", {}).get("title", "API"),
        "about": document.get("info", {}).get("description", ""),
        "groups": groups(document),
        "trouble": WORDS[lang].get(trouble, ""),
    }
    return render(request, "docs.html", facts, status=200)


def _document(request: HttpRequest) -> tuple[dict[str, Any], str]:
    try:
        view, arguments, keywords = resolve(ADDRESS)
    except Resolver404:
        return {}, "none"
    answer = view(request, *arguments, **keywords)
    if answer.status_code in (401, 403):
        return {}, "need"
    if answer.status_code != 200:
        return {}, "none"
    content = b"".join(answer) if answer.streaming else answer.content
    return json.loads(content), ""


def groups(document: dict[str, Any]) -> list[tuple[str, list[dict[str, Any]]]]:
    """Return the operations by their first tag, each with its inputs, in the document's order."""
    found: dict[str, list[dict[str, Any]]] = {}
    for path, item in document.get("paths", {}).items():
        for method in METHODS:
            if operation := item.get(method):
                tag = (operation.get("tags") or [path.strip("/").split("/")[-1] or "/"])[0]
                found.setdefault(tag, []).append(_operation(document, path, method, operation))
    return list(found.items())


def _operation(document: dict[str, Any], path: str, method: str, operation: dict[str, Any]) -> dict[str, Any]:
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    given = [
        (one.get("name", ""), one.get("in", ""), _kind(one.get("schema", {})), one.get("description", ""))
        for one in (_followed(document, entry) for entry in operation.get("parameters", []))
    ]
    fields = [
        (name, "body", _kind(schema), schema.get("description", ""))
        for name, schema in _followed(document, body).get("properties", {}).items()
    ]
    return {
        "method": method.upper(),
        "path": path,
        "summary": operation.get("summary", ""),
        "description": operation.get("description", ""),
        "inputs": given + fields,
        "answers": ", ".join(operation.get("responses", {})),
    }


def _followed(document: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    """Return what a local reference points to."""
    place: Any = document
    for word in schema.get("$ref", "").removeprefix("#/").split("/"):
        if not word:
            return schema
        place = place.get(word, {})
    return dict(place)


def _kind(schema: dict[str, Any]) -> str:
    if "$ref" in schema:
        return str(schema["$ref"]).rsplit("/", 1)[-1]
    several = schema.get("anyOf") or schema.get("oneOf") or []
    if several:
        return " | ".join(_kind(one) for one in several)
    if schema.get("type") == "array":
        return f"[{_kind(schema.get('items', {}))}]"
    return str(schema.get("format") or schema.get("type") or schema.get("const") or "any")
