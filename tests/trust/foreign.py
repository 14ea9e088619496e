"""The calls of A4: each operation with an id of another organization, or with one that nobody has."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from guantong.engine.objects.arguments import RowsKind
from guantong.engine.objects.registry import by_model
from guantong.engine.objects.spec import ObjectSpec
from tests.samples import Samples

Call = tuple[str, str, dict[str, Any]]  # method, path, {"body": …} or query


def in_paths(spec: ObjectSpec, id: str) -> Iterator[Call]:
    """The id in the address, or in the list of ids of an operation for many."""
    path = f"{spec.plural}/{id}"
    yield "GET", path, {}
    yield "PATCH", path, {"body": {"version": 1}}
    yield "DELETE", path, {}
    yield "POST", f"{path}/preview", {"body": {}}
    for part in ("chain", "comments", "events", "files", "history"):
        yield "GET", f"{path}/{part}", {}
    yield "GET", f"{path}/history", {"as_of": "2026-03-02T09:00:00Z"}
    yield "POST", f"{path}/comments", {"body": {"text": "x"}}
    yield "POST", f"{path}/files", {"body": {}}
    for verb in spec.verbs:
        yield "POST", f"{path}/{verb}", {"body": {}}
        yield "POST", f"/verbs/{spec.plural}/{verb}", {"body": {"ids": [id]}}
    yield "POST", f"{spec.plural}/batch", {"body": {"change": [{"id": id, "version": 1}]}}
    yield "POST", f"{spec.plural}/batch", {"body": {"delete": [id]}}


def in_queries(spec: ObjectSpec, id: str) -> Iterator[Call]:
    """The id as the value of a filter, of the record or of what it is linked to."""
    names = ["id", *(f.name for f in spec.fields.values() if f.kind.name in ("link", "owner"))]
    for name in names:
        for op, value in (("eq", id), ("in", [id])):
            condition = {"field": name, "op": op, "value": value}
            yield "GET", spec.plural, {"filter": condition, "count": "exact"}
            yield "GET", f"/aggregate/{spec.plural}", {"filter": condition, "measure": "count"}


def in_links(
    spec: ObjectSpec, samples: Samples, own: dict[str, Any], id_for: Callable[[Any], str]
) -> Iterator[Call]:
    """The id as a link in the body of a creation, a change, a line or the arguments of a verb."""
    for field in spec.fields.values():
        if field.writable and field.target in by_model():
            link = {field.name: id_for(field.target)}
            yield "POST", spec.plural, {"body": samples.body(spec, **link)}
            yield "POST", f"{spec.plural}/preview", {"body": samples.body(spec, **link)}
            if spec.model.adopt_states:
                why = {"reason": "x", "cut_over_on": "2026-03-01", "state": spec.model.adopt_states[0]}
                yield "POST", f"{spec.plural}/adopt", {"body": {**samples.body(spec, **link), **why}}
            yield "PATCH", f"{spec.plural}/{own['id']}", {"body": {**link, "version": own["version"]}}
            yield "POST", f"{spec.plural}/batch", {"body": {"create": [samples.body(spec, **link)]}}
    for field in spec.line_fields.values():
        if field.writable and field.target in by_model() and spec.fields[spec.lines_name].writable:
            body = samples.body(spec)
            if not body[spec.lines_name]:
                continue
            for line in body[spec.lines_name]:
                line[field.name] = id_for(field.target)
            yield "POST", spec.plural, {"body": body}
    yield from _arguments(spec, own, id_for)


def _arguments(spec: ObjectSpec, own: dict[str, Any], id_for: Callable[[Any], str]) -> Iterator[Call]:
    for verb in spec.verbs.values():
        if verb.internal:
            continue
        for argument in verb.arguments:
            path = f"{spec.plural}/{own['id']}/{verb.name}"
            if argument.target in by_model():
                yield (
                    "POST",
                    path,
                    {"body": {**sample_arguments(verb), argument.name: id_for(argument.target)}},
                )
            elif isinstance(argument.kind, RowsKind):
                row = {f.name: id_for(f.target) if f.target in by_model() else f.kind.sample(f, 1)
                       for f in argument.kind.fields if f.required}  # fmt: skip
                if any(f.target in by_model() for f in argument.kind.fields):
                    yield "POST", path, {"body": {**sample_arguments(verb), argument.name: [row]}}


def sample_arguments(verb: Any) -> dict[str, Any]:
    """A value for each required argument; links are whatever the kind makes up."""
    return {
        a.name: a.kind.sample(a, 1) if not isinstance(a.kind, RowsKind) else []
        for a in verb.arguments
        if a.required
    }
