"""What a Screen class names must be fields of its object."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from guantong.engine.objects.spec import ObjectSpec

KNOWN = ("title", "list", "form", "board", "search", "calendar")


def problems(spec: ObjectSpec) -> Iterator[str]:
    """Say which names of the Screen are nothing."""
    for key, value in spec.screen.items():
        if key not in KNOWN:
            yield f"Screen.{key} is no part of a screen"
            continue
        for name in names_in(value):
            if name not in spec.fields:
                yield f"Screen.{key} names {name}, which is no field"
    if spec.title not in spec.fields:
        yield f"Screen.title names {spec.title}, which is no field"


def names_in(value: Any) -> list[str]:
    """The field names in one attribute of a Screen: words, or words under headings."""
    texts = value.values() if isinstance(value, dict) else [value]
    return [name for text in texts for name in text.split()]
