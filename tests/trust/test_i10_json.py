"""I10: JSON made to hurt is refused, in well under a second, with nothing changed and no 5xx."""

from __future__ import annotations

import time
from contextlib import nullcontext

import pytest

from tests.world import World

DEEP = 10_000
BODIES = {
    "deep-lists": b"[" * DEEP + b"]" * DEEP,
    "deep-objects": b'{"a":' * DEEP + b"1" + b"}" * DEEP,
    "deep-in-a-field": b'{"name":' + b"[" * DEEP + b"]" * DEEP + b"}",
    "unclosed": b"[" * 1_000_000,
    "twice": b'{"name": "a", "name": "b"}',
    "twice-below": b'{"name": {"a": 1, "a": 2}}',
    "too-large": b'{"name": 1e400}',
    "nan": b'{"name": NaN}',
    "infinity": b'{"name": -Infinity}',
    "long-integer": b'{"name": ' + b"9" * 100_000 + b"}",
    "nul": b'{"name": "a\\u0000b"}',
    "raw-nul": b'{"name": "a\x00b"}',
    "lone-surrogate": b'{"name": "\\ud800"}',
    "lone-surrogate-key": b'{"\\udfff": "a", "name": "x"}',
    "not-utf-8": b'{"name": "\xff\xfe"}',
    "utf-16": '{"name": "a"}'.encode("utf-16"),
    "proto": b'{"name": "a", "__proto__": {"is_admin": true}}',
    "constructor": b'{"name": "a", "constructor": {"prototype": {}}}',
    "list": b"[1]",
    "text": b'"x"',
    "number": b"1",
    "null": b"null",
    "trailing": b'{"name": "a"} {}',
    "comment": b'{"name": "a" /* b */}',
    "bom": b'\xef\xbb\xbf{"name": "a"}',
    "large": b'{"name": "' + b"x" * 50_000_000 + b'"}',
    "many-keys": b"{" + b",".join(b'"k%d": 1' % n for n in range(100_000)) + b', "name": "a"}',
}


@pytest.mark.parametrize("name", BODIES)
@pytest.mark.parametrize("way", ["create", "change", "verb", "batch", "undo"])
def test_hostile_json_is_refused_quickly(shared: World, name: str, way: str) -> None:
    caller = shared.as_("赵敏")
    user = shared.id_of("王磊")
    method, path = {
        "create": ("POST", "teams"),
        "change": ("PATCH", f"users/{user}"),
        "verb": ("POST", f"users/{user}/disable"),
        "batch": ("POST", "teams/batch"),
        "undo": ("POST", f"/undo/{user}"),
    }[way]
    with nullcontext() if (name, way) == ("null", "verb") else shared.unchanged(name):
        started = time.perf_counter()
        response = caller.call(method, path, BODIES[name])
        taken = time.perf_counter() - started
    if (name, way) == ("null", "verb"):
        return  # no arguments at all: nothing hostile, and it was this verb's right call
    assert 400 <= response.status_code < 500, (response.status_code, response.content[:300])
    assert taken < 1, taken


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""]
)
def test_other_content_types_are_refused(shared: World, kind: str) -> None:
    with shared.unchanged(kind):
        response = shared.as_("赵敏").client.post("/api/records/teams", b'{"name": "x"}', content_type=kind)
        assert 400 <= response.status_code < 500
