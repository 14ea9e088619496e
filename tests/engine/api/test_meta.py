"""What the caller can work with: rights, hidden fields, words in both languages, ETags."""

from __future__ import annotations

from typing import Any

import pytest

from guantong.engine.access.actor import ROLES
from guantong.engine.access.grants import hidden_fields
from guantong.engine.api.described import Reader, list_objects, object_meta
from guantong.engine.objects.labels import label
from guantong.engine.objects.registry import all_objects
from tests.world import World


def fields(meta: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {field["name"]: field for field in meta["fields"]}


def test_the_list_has_what_the_caller_may_read_or_create(world: World):
    seen = {item["plural"]: item for item in world.as_("王磊").get("/meta")["objects"]}
    assert seen["customers"]["rights"] == {"read": True, "create": True, "write": True, "delete": False}
    assert seen["users"]["label"] == "用户"
    assert seen["users"]["rights"] == {"read": True, "create": False, "write": False, "delete": False}
    assert seen["users"]["screen"]["form"][0]["fields"] == ["name", "email", "team", "roles", "entity_ids"]


def test_rights_follow_the_roles(world: World):
    def may(who: str) -> dict[str, bool]:
        return {verb["name"]: verb["may"] for verb in world.as_(who).get("/meta/users")["verbs"]}

    assert may("赵敏") == {"disable": True, "enable": True}
    assert may("王磊") == {"disable": False, "enable": False}
    assert world.as_("李娜").get("/meta/customers")["rights"]["delete"] is True, "a lead's `team` counts"


def test_what_nobody_of_these_roles_may_see_is_unknown(world: World):
    nobody = Reader(roles=frozenset())
    for spec in all_objects().values():
        rights = next(
            (i["rights"] for i in list_objects(nobody)["objects"] if i["plural"] == spec.plural), None
        )
        status = 200 if rights else 404
        assert world.as_("路人").call("GET", f"/meta/{spec.plural}").status_code == status
    assert world.as_("路人").get("/meta/nothing", status=404)["code"] == "unknown_object"


def test_a_field_says_what_a_form_must_know(world: World):
    meta = world.as_("赵敏").get("/meta/products")
    found = fields(meta)
    assert (
        found["name"]
        | {"kind": "text", "label": "名称", "required": True, "writable": True, "max_length": 200}
        == found["name"]
    )
    assert (found["unit"]["kind"], found["unit"]["target"]) == ("link", "units")
    assert [choice["value"] for choice in found["kind"]["choices"]] == ["goods", "service"]
    assert found["list_price"]["currency"] == "currency"
    assert found["state"]["writable"] is False
    assert found["id"]["kind"] == "id" and "max_length" not in found["id"]
    assert [state["name"] for state in meta["states"]] == ["active", "retired"]


def test_lines_and_arguments(world: World):
    meta = world.as_("李娜").get("/meta/price_books")
    assert meta["lines"]["name"] == "tiers"
    assert {"product", "from_quantity", "price"} <= {field["name"] for field in meta["lines"]["fields"]}
    verbs = {verb["name"]: verb for verb in world.as_("李娜").get("/meta/customers")["verbs"]}
    (to,) = verbs["assign"]["arguments"]
    assert (to["kind"], to["target"], to["required"], to["label"]) == (
        "link",
        "users",
        True,
        label("customer.assign.to", common="argument.to"),
    )


def test_hidden_fields_are_absent_for_every_role():
    for role in (*ROLES, ""):
        reader = Reader(roles=frozenset({role} - {""}))
        for spec in all_objects().values():
            rights = {item["plural"] for item in list_objects(reader)["objects"]}
            if spec.plural in rights:
                shown = object_meta(spec, reader)
                names = set(fields(shown)) | {f["name"] for f in (shown["lines"] or {"fields": []})["fields"]}
                assert not names & hidden_fields(spec, reader.actor()), (role, spec.plural)
    assert "cost" not in fields(object_meta(all_objects()["products"], Reader(roles=frozenset({"sales"}))))


@pytest.mark.parametrize("address", ["/meta", "/meta/users", "/openapi.json"])
def test_an_unchanged_description_is_not_sent_again(world: World, address: str):
    first = world.as_("王磊").call("GET", address)
    again = world.as_("王磊").call("GET", address, headers={"If-None-Match": first.headers["ETag"]})
    assert (first.status_code, again.status_code, again.content) == (200, 304, b"")


def test_the_etag_tells_language_and_roles_apart(world: World):
    english = {"Accept-Language": "en"}
    tags = {
        world.as_("王磊").call("GET", "/meta/users").headers["ETag"],
        world.as_("赵敏").call("GET", "/meta/users").headers["ETag"],
        world.as_("王磊").call("GET", "/meta/users", headers=english).headers["ETag"],
    }
    assert len(tags) == 3
    assert world.as_("王磊").call("GET", "/meta/users", headers=english).json()["label"] == "User"
