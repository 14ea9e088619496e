"""`Order.created`, `.changed`, `.deleted`, `.adopted`: the verbs that every object has, to subscribe to."""

from __future__ import annotations

from functools import cache
from typing import Any

from guantong.engine.objects.spec import VerbSpec


@cache
def built_in(model: Any, name: str) -> VerbSpec:
    """The specification of a built-in verb of one class; reactions hang on it."""
    return VerbSpec(name=name, body=lambda record: None, sources=())


class BuiltIn:
    """What `Order.created` gives: something with a spec, like a verb."""

    def __init__(self) -> None:
        self.name = ""
        self.spec: VerbSpec | None = None

    def __set_name__(self, owner: Any, name: str) -> None:
        self.name = name

    def __get__(self, record: Any, owner: Any) -> Any:
        found = BuiltIn()
        found.name, found.spec, found.owner = self.name, built_in(owner, self.name), owner
        return found
