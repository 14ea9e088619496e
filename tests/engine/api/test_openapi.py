"""The OpenAPI document: whole, resolvable, and exactly what is served."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import get_resolver, resolve

from guantong.engine.api.openapi import API, document
from guantong.engine.objects.registry import all_objects
from tests.caller import Caller
from tests.world import World

METHODS = {"get", "post", "put", "patch", "delete", "head", "options", "trace"}
WORDS = {
    "type", "format", "properties", "required", "items", "additionalProperties", "patternProperties", "enum", "anyOf",
    "allOf", "oneOf", "$ref", "pattern", "minimum", "maximum", "minItems", "maxItems", "minLength", "maxLength",
    "default", "title", "description", "const",
}  # fmt: skip
DOCUMENT = document()


def nodes(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        for part in value.values():
            yield from nodes(part)
    elif isinstance(value, list):
        for part in value:
            yield from nodes(part)


def operations() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, item in DOCUMENT["paths"].items():
        for method, operation in item.items():
            assert method in METHODS, (path, method)
            yield path, method, operation


def schemas(value: Any) -> Iterator[dict[str, Any]]:
    """Every schema below a schema."""
    yield value
    for word in ("items", "additionalProperties"):
        if isinstance(value.get(word), dict):
            yield from schemas(value[word])
    for word in ("anyOf", "allOf", "oneOf"):
        for part in value.get(word, ()):
            yield from schemas(part)
    for word in ("properties", "patternProperties"):
        for part in value.get(word, {}).values():
            yield from schemas(part)


def test_the_frame_is_openapi_3_1():
    assert re.fullmatch(r"3\.1\.\d+", DOCUMENT["openapi"])
    assert {"title", "version"} <= DOCUMENT["info"].keys()
    assert set(DOCUMENT) <= {"openapi", "info", "servers", "security", "tags", "paths", "components"}
    for scheme in DOCUMENT["components"]["securitySchemes"].values():
        assert scheme["type"] in ("http", "apiKey")
    for requirement in DOCUMENT["security"]:
        assert requirement.keys() <= DOCUMENT["components"]["securitySchemes"].keys()
    names = [tag["name"] for tag in DOCUMENT["tags"]]
    assert len(names) == len(set(names))


def test_every_reference_resolves():
    found = 0
    for node in nodes(DOCUMENT):
        if isinstance(node.get("$ref"), str):
            place: Any = DOCUMENT
            for word in node["$ref"].removeprefix("#/").split("/"):
                assert word in place, node["$ref"]
                place = place[word]
            found += 1
    assert found > 1000


def test_every_component_is_used():
    text = json.dumps(DOCUMENT)
    for kind in ("schemas", "parameters", "responses"):
        for name in DOCUMENT["components"][kind]:
            assert f'"#/components/{kind}/{name}"' in text, name


def test_operations_are_whole():
    counted = Counter(operation["operationId"] for _, _, operation in operations())
    assert [name for name, times in counted.items() if times > 1] == []
    tags = {tag["name"] for tag in DOCUMENT["tags"]}
    for path, method, operation in operations():
        assert operation["summary"] and operation["responses"], (path, method)
        assert set(operation["tags"]) <= tags
        assert re.fullmatch(r"[A-Za-z0-9_]+", operation["operationId"])
        in_path = {p["name"] for p in operation["parameters"] if p.get("in") == "path"}
        assert in_path == set(re.findall(r"{([^}]+)}", path)), path
        assert ("requestBody" in operation) == (method in ("post", "patch", "put")), (path, method)
        assert all(re.fullmatch(r"[1-5]\d\d|default", status) for status in operation["responses"])


def test_schemas_use_only_words_that_we_know_and_no_floats():
    for name, schema in DOCUMENT["components"]["schemas"].items():
        for part in schemas(schema):
            assert not set(part) - WORDS, (name, set(part) - WORDS)
            assert part.get("type") != "number", f"{name}: money and quantities are text"
            if isinstance(part.get("pattern"), str):
                re.compile(part["pattern"])
            if "required" in part and "properties" in part:
                assert set(part["required"]) <= part["properties"].keys(), name


def test_every_address_is_described_and_every_description_is_served():
    served = set()
    for path, method, _ in operations():
        match = resolve(re.sub(r"{[^}]+}", "00000000-0000-7000-8000-000000000000", path))
        assert method.upper() in match.func.methods, path
        served.add((match.route.removeprefix("api/"), method.upper()))
    wanted = {
        (str(pattern.pattern), method)
        for pattern in get_resolver(API).url_patterns
        for method in pattern.callback.methods
    }
    assert served == wanted


@pytest.mark.parametrize("plural", sorted(all_objects()))
def test_an_object_has_its_typed_operations(plural: str):
    spec = all_objects()[plural]
    place = f"/api/records/{plural}"
    assert set(DOCUMENT["paths"][place]) == {"get", "post"}
    assert set(DOCUMENT["paths"][f"{place}/{{id}}"]) == {"get", "patch", "delete"}
    for verb in spec.verbs.values():
        if verb.internal:
            assert f"{place}/{{id}}/{verb.name}" not in DOCUMENT["paths"]
            continue
        body = DOCUMENT["paths"][f"{place}/{{id}}/{verb.name}"]["post"]["requestBody"]["content"][
            "application/json"
        ]["schema"]
        assert {argument.name for argument in verb.arguments} <= body["properties"].keys()
        assert set(body.get("required", ())) == {
            argument.name for argument in verb.arguments if argument.required
        }
        assert f"/api/verbs/{plural}/{verb.name}" in DOCUMENT["paths"]


def test_headers_are_named_where_they_count():
    change = DOCUMENT["paths"]["/api/records/users/{id}"]["patch"]["parameters"]
    assert {p["$ref"].rsplit("/", 1)[1] for p in change if "$ref" in p} == {"IfMatch", "IdempotencyKey"}


def test_it_is_served_without_sign_in_and_fits_what_comes_back(world: World):
    assert Caller("").get("/openapi.json")["openapi"] == "3.1.0"
    team = world.as_("赵敏").get(f"teams/{world.teams['华东销售部'].id}")
    known = DOCUMENT["components"]["schemas"]["Team"]["properties"]
    assert team.keys() == known.keys()
    event = world.as_("赵敏").get(f"teams/{team['id']}/events")["items"][0]
    assert event.keys() <= DOCUMENT["components"]["schemas"]["Event"]["properties"].keys()
    head = world.as_("赵敏").get("/meta")["objects"][0]
    assert head.keys() == DOCUMENT["components"]["schemas"]["ObjectHead"]["properties"].keys()
    for field in world.as_("赵敏").get("/meta/customers")["fields"]:
        assert field.keys() <= DOCUMENT["components"]["schemas"]["FieldMeta"]["properties"].keys()
    assert world.as_("赵敏").get("/me").keys() == DOCUMENT["components"]["schemas"]["Me"]["properties"].keys()
    chain = world.as_("赵敏").get(f"teams/{team['id']}/chain")
    assert chain.keys() == DOCUMENT["components"]["schemas"]["Chain"]["properties"].keys()
