"""Links point upstream only: downstream knows upstream, upstream never knows downstream (law 3)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from guantong.engine.objects.registry import all_objects
from guantong.engine.objects.spec import ObjectSpec


def problems(spec: ObjectSpec) -> Iterator[str]:
    """Say which links point to a package that is further down the road."""
    order = packages()
    for field in (*spec.fields.values(), *spec.line_fields.values()):
        if field.target is None or field.kind.name not in ("link", "owner"):
            continue
        target = package_of(field.target)
        if target in order and order.index(target) > order.index(package_of(spec.model)):
            yield f"{field.name} points downstream, to {target}"


def packages() -> list[str]:
    """The packages that hold objects, from the ground up; Django keeps them in that order."""
    return list(dict.fromkeys(package_of(spec.model) for spec in all_objects().values()))


def package_of(model: Any) -> str:
    """The package that a class stands in."""
    return model.__module__.rpartition(".")[0]
