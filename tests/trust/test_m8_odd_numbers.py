"""M8: money and other exact numbers come as plain decimal text, or not at all: 422, whatever Decimal would accept."""

from __future__ import annotations

import ast
from typing import Any

import pytest

from guantong.engine.fields.amount import DecimalKind
from guantong.engine.objects.arguments import RowsKind
from guantong.engine.objects.registry import all_objects
from guantong.engine.objects.spec import ObjectSpec
from tests.house.rooms import name_of, sources
from tests.samples import Samples, creatable
from tests.trust.foreign import sample_arguments
from tests.world import World

ODD: tuple[Any, ...] = (
    *(0.1, 1, -1, True, [], {}, ["1"], "NaN", "-NaN", "sNaN", "Infinity", "-inf", "1e9999", "1E5", "1_000"),
    *(" 1", "1 ", "\t1", "1\n", "１２", "٣", "½", "1,000", "+1", ".5", "5.", "0x10", "--1", "1.2.3"),
    *("9" * 40, "0." + "1" * 40),
)


def numbers(fields: Any) -> list[Any]:
    return [field for field in fields if field.writable and isinstance(field.kind, DecimalKind)]


def exact(verb: Any) -> list[Any]:
    """The exact numbers among the arguments of a verb, and in the rows of a list."""
    rows = [field for a in verb.arguments if isinstance(a.kind, RowsKind) for field in a.kind.fields]
    return [field for field in (*verb.arguments, *rows) if isinstance(field.kind, DecimalKind)]


def bodies(spec: ObjectSpec, samples: Samples) -> list[tuple[str, str, dict[str, Any]]]:
    """(method, path, body) with one odd number each."""
    body, found = samples.body(spec), []
    for field in numbers(spec.fields.values()):
        found += [("POST", spec.plural, {**body, field.name: odd}) for odd in ODD]
    for field in numbers(spec.line_fields.values()):
        line = (body.get(spec.lines_name) or [{}])[0]
        found += [
            ("POST", spec.plural, {**body, spec.lines_name: [{**line, field.name: odd}]}) for odd in ODD
        ]
    return found


@pytest.mark.parametrize("plural", creatable())
def test_fields_take_plain_decimal_text_only(shared: World, plural: str) -> None:
    spec, samples = all_objects()[plural], Samples(shared)
    calls = bodies(spec, samples)
    with shared.unchanged(plural):
        for method, path, body in calls:
            response = shared.all_powerful().call(method, path, body)
            assert response.status_code == 422, (path, body, response.content[:300])


@pytest.mark.parametrize("plural", creatable())
def test_arguments_take_plain_decimal_text_only(shared: World, plural: str) -> None:
    spec, samples = all_objects()[plural], Samples(shared)
    taking = [(verb, field) for verb in spec.verbs.values() if not verb.internal for field in exact(verb)]
    if not taking:
        return
    made = samples.make(plural)
    with shared.unchanged(plural):
        for verb, field in taking:
            rows = next(
                (a for a in verb.arguments if isinstance(a.kind, RowsKind) and field in a.kind.fields), None
            )
            for odd in ODD:
                given = {rows.name: [{field.name: odd}]} if rows else {field.name: odd}
                path = f"{plural}/{made['id']}/{verb.name}"
                response = shared.all_powerful().call("POST", path, {**sample_arguments(verb), **given})
                # in a wrong state the state is what is refused; the numbers are then tried by the stories
                assert response.status_code in (422, 409, 403), (path, odd, response.content[:300])


def test_filters_take_plain_decimal_text_only(shared: World) -> None:
    for odd in ODD:
        condition = {"field": "credit_limit", "op": "gte", "value": odd}
        response = shared.as_("陈静").call("GET", "customers", filter=condition)
        assert response.status_code in (400, 422), odd


def test_no_float_in_the_business() -> None:
    found = []
    for path in sources("base", "modules", "engine/fields", "engine/states", "engine/door"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, float | complex):
                found.append(f"{name_of(path)}:{node.lineno}: {node.value}")
            if isinstance(node, ast.Name) and node.id == "float":
                found.append(f"{name_of(path)}:{node.lineno}: float")
    assert found == [f for f in found if f.startswith("engine/door/drain.py")], found  # seconds, not money
