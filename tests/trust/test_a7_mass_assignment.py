"""A7: a column that the caller may not write is refused, or stays as it was, wherever a body is read."""

from __future__ import annotations

from typing import Any

import pytest

from guantong.engine.objects.registry import all_objects
from guantong.engine.objects.spec import ObjectSpec
from tests.samples import Samples, creatable
from tests.trust.foreign import sample_arguments
from tests.world import World

ALWAYS = (
    "is_admin",
    "is_superuser",
    "hash",
    "__class__",
    "__proto__",
    "pk",
    "objects",
    "tenant__id",
    "verbs",
)


def forbidden(fields: Any, model: Any) -> list[str]:
    """Columns and attributes of a model that no body may set."""
    names = {name for f in model._meta.local_concrete_fields for name in (f.name, f.attname, f.column)}
    return sorted(names - {f.name for f in fields.values() if f.writable})


def columns(spec: ObjectSpec) -> list[str]:
    return [*forbidden(spec.fields, spec.model), *ALWAYS]


def values(world: World) -> list[Any]:
    """Something that fits each type."""
    return ["x", 7, str(world.other.tenant), True, "2020-01-01T00:00:00Z"]


@pytest.mark.parametrize("plural", creatable())
def test_columns_that_nobody_writes(shared: World, plural: str) -> None:
    spec, samples, caller = all_objects()[plural], Samples(shared), shared.all_powerful()
    made = samples.make(plural)
    body, path, other = samples.body(spec), f"{plural}/{made['id']}", values(shared)
    with shared.unchanged(plural):
        for name in columns(spec):
            value = other[len(name) % len(other)]
            if name != "happened_at":  # business time is part of every call (house.md 5)
                refused(caller, "POST", plural, {**body, name: value}, name)
                refused(caller, "POST", f"{plural}/batch", {"create": [{**body, name: value}]}, name)
            if name not in ("version", "happened_at"):
                refused(caller, "PATCH", path, {"version": made["version"], name: value}, name)


def refused(caller: Any, method: str, path: str, body: dict[str, Any], name: str) -> None:
    response = caller.call(method, path, body)
    assert response.status_code in (422, 403, 404, 409), (method, path, name, response.content[:300])


@pytest.mark.parametrize("plural", [p for p in creatable() if all_objects()[p].lines_name])
def test_columns_of_lines_that_nobody_writes(shared: World, plural: str) -> None:
    spec, samples, caller = all_objects()[plural], Samples(shared), shared.all_powerful()
    body = samples.body(spec)
    if not body.get(spec.lines_name):
        pytest.skip("its lines are not written by hand")
    line = body[spec.lines_name][0]
    with shared.unchanged(plural):
        for name in [*forbidden(spec.line_fields, spec.line_model), *ALWAYS]:
            seeded = {**body, spec.lines_name: [{**line, name: str(shared.other.tenant)}]}
            refused(caller, "POST", plural, seeded, name)


@pytest.mark.parametrize("plural", creatable())
def test_verbs_take_their_arguments_only(shared: World, plural: str) -> None:
    spec, samples, caller = all_objects()[plural], Samples(shared), shared.all_powerful()
    made = samples.make(plural)
    with shared.unchanged(plural):
        for verb in spec.verbs.values():
            taken = {argument.name for argument in verb.arguments}
            for name in ("tenant", "state", "number", "owner", "is_admin", "record", "self"):
                if name not in taken:
                    body = {**sample_arguments(verb), name: "x"}
                    refused(caller, "POST", f"{plural}/{made['id']}/{verb.name}", body, name)
