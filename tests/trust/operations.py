"""Every operation of the API: (method, address), read from the addresses themselves and what each allows.

A new operation that no list of the trust tests names makes them fail: it needs a verdict first.
"""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

PARTS = {"plural": "customers", "id": "00000000-0000-7000-8000-000000000000", "verb": "block", "event": "x"}


@cache
def operations() -> frozenset[tuple[str, str]]:
    """All (method, address) below /api."""
    found = set()
    for address in _addresses(get_resolver().url_patterns, ""):
        if address.startswith("api/"):
            found |= {(method, address.removeprefix("api/")) for method in _methods(address)}
    return frozenset(found)


def _addresses(patterns: Any, before: str) -> list[str]:
    found = []
    for part in patterns:
        at = before + str(part.pattern)
        if isinstance(part, URLResolver):
            found += _addresses(part.url_patterns, at)
        elif isinstance(part, URLPattern):
            found.append(at)
    return found


def _methods(address: str) -> list[str]:
    path = "/" + address
    for name, value in PARTS.items():
        path = path.replace(f"<str:{name}>", value)
    path = path.replace("<", "").replace(">", "").replace("str:", "")
    response = Client(SERVER_NAME="localhost").generic("PROPFIND", path)
    allowed = response.headers.get("Allow", "")
    return [word.strip() for word in allowed.split(",") if word.strip()] or ["GET"]


def shape(response: Any, *ids: str) -> tuple[int, Any]:
    """Status and body of a reply, with the ids that were asked for taken out: what must look the same."""
    text = response.content.decode()
    for id in ids:
        text = text.replace(id, "ID")
    return response.status_code, json.loads(text) if text else None
