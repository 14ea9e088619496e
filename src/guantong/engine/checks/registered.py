"""The checks that Django runs at every start and `guantong check` prints."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.core.checks import CheckMessage, Error, register

from guantong.engine.checks import access, links, screens, tables, verbs, words
from guantong.engine.objects.registry import all_objects
from guantong.engine.objects.spec import ObjectSpec

OF_OBJECTS: dict[str, Callable[[ObjectSpec], Iterable[str]]] = {
    "screen": screens.problems,
    "verb": verbs.problems,
    "access": access.problems,
    "words": words.problems,
    "link": links.problems,
}


@register
def house_rules(app_configs: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """Every house rule that is broken, one message each."""
    return [Error(text, id=f"guantong.{name}") for name, text in broken()]


def broken() -> Iterator[tuple[str, str]]:
    """(rule, what is wrong), for every object and every tenant table."""
    for spec in all_objects().values():
        for name, problems in OF_OBJECTS.items():
            for text in problems(spec):
                yield name, f"{spec.model.__module__}: {spec.name}: {text}"
    for model in tables.tenant_models():
        for text in tables.problems(model):
            yield "table", f"{model.__module__}: {model.__name__}: {text}"
