"""JSON bodies, read strictly: bounded in size and depth, no duplicate keys, no NaN (trust.md I10)."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from guantong.base.errors import Invalid, Problem

LARGEST = 2_000_000
DEEPEST = 40
MOST_KEYS = 1000  # of one object


class Malformed(Problem):
    """The body is not what the Content-Type says (400)."""

    status = 400


def refuse_large(length: str) -> None:
    """Refuse a body by its announced length, before it is read. Raises Malformed."""
    if (not length.isdigit() and length) or len(length) > 12 or int(length or 0) > LARGEST:
        raise Malformed("body_too_large", limit=LARGEST)


def read_json(raw: bytes, content_type: str) -> Any:
    """The body as plain values; an empty one is an empty object. Raises Malformed."""
    if not raw:
        return {}
    if len(raw) > LARGEST:
        raise Malformed("body_too_large", limit=LARGEST)
    if content_type.split(";")[0].strip().lower() != "application/json":
        raise Malformed("not_json_type")
    if raw.count(b"[") + raw.count(b"{") > DEEPEST and _too_deep(raw):
        raise Malformed("body_too_deep", limit=DEEPEST)
    try:
        return json.loads(
            raw.decode("utf-8"), parse_float=Decimal, parse_constant=_refuse, object_pairs_hook=_once
        )
    except (ValueError, RecursionError) as error:
        raise Malformed("malformed_json") from error


def _refuse(word: str) -> Any:
    raise ValueError(word)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) > MOST_KEYS:
        raise ValueError("too many keys")
    for key in found:
        key.encode()  # raises UnicodeEncodeError, a ValueError, for half a character
    if len(found) != len(pairs):
        raise ValueError("a key stands twice")
    return found


def _too_deep(raw: bytes) -> bool:
    """Whether brackets outside of texts nest deeper than allowed; stops at the first that does."""
    depth = 0
    quoted = escaped = False
    for byte in raw:
        if escaped:
            escaped = False
        elif byte == 0x5C:
            escaped = quoted
        elif byte == 0x22:
            quoted = not quoted
        elif not quoted and byte in b"[{":
            depth += 1
            if depth > DEEPEST:
                return True
        elif not quoted and byte in b"]}":
            depth -= 1
    return False


def object_body(value: Any) -> dict[str, Any]:
    """A body that must be an object; raises Invalid."""
    if not isinstance(value, dict):
        raise Invalid("not_an_object")
    return value
