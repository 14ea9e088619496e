"""Labels in both languages for everything that a person sees of an object."""

from __future__ import annotations

import re
from collections.abc import Iterator

from guantong.engine.objects.labels import catalogue, keys_of
from guantong.engine.objects.spec import ObjectSpec

CHINESE = re.compile(r"[\u3400-\u9fff]")
SAME_IN_BOTH = re.compile(r"[A-Za-z0-9 .:%/_{}()-]*")


def problems(spec: ObjectSpec) -> Iterator[str]:
    """Say which labels are missing, and which are not in the language that they stand for."""
    known = catalogue()
    for key, common in dict.fromkeys(keys_of(spec)):
        if key not in known and common not in known:
            yield f"no label {key}{f' or {common}' if common else ''}"
    for key, (chinese, english) in known.items():
        if key.split(".")[0] == spec.name and (CHINESE.search(english) or not chinese or not english):
            yield f"the label {key} is not there in both languages"
