"""A4: whatever is asked with an id of another organization answers as an unknown id does, and changes nothing."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from guantong.engine.objects.registry import all_objects, by_model
from tests.samples import Samples, creatable, reachable
from tests.trust.foreign import in_links, in_paths, in_queries
from tests.trust.operations import operations, shape
from tests.world import World

ID = "records/<str:plural>/<str:id>"
# operation → where its verdict is
VERDICTS = {
    ("GET", "records/<str:plural>"): "in_queries",
    ("POST", "records/<str:plural>"): "in_links",
    ("POST", "records/<str:plural>/batch"): "in_paths, in_links",
    ("POST", "records/<str:plural>/preview"): "in_links",
    ("POST", "records/<str:plural>/adopt"): "in_links",
    ("GET", "docs"): "a page without facts",
    ("GET", ID): "in_paths",
    ("PATCH", ID): "in_paths, in_links",
    ("DELETE", ID): "in_paths",
    ("POST", f"{ID}/preview"): "in_paths",
    ("POST", f"{ID}/<str:verb>"): "in_paths, in_links",
    ("POST", "verbs/<str:plural>/<str:verb>"): "in_paths",
    ("GET", "aggregate/<str:plural>"): "in_queries",
    ("POST", "undo/<str:event>"): "test_the_events_of_others_cannot_be_undone",
}


def test_every_operation_has_a_verdict() -> None:
    assert operations() == set(VERDICTS)


def same(world: World, calls_foreign: Any, calls_unknown: Any, *ids: str) -> int:
    """Each pair of calls answers alike; returns how many were refused."""
    caller, refused = world.all_powerful(), 0
    for (method, path, sent), (_, path2, sent2) in zip(calls_foreign, calls_unknown, strict=True):
        found = shape(caller.call(method, path, **sent), *ids)
        unknown = shape(caller.call(method, path2, **sent2), *ids)
        assert found == unknown, (method, path, sent)
        assert found[0] < 500, (method, path, found)
        refused += found[0] in (403, 404, 409, 422)
    return refused


@pytest.mark.parametrize("plural", reachable())
def test_ids_of_others_are_unknown(shared: World, plural: str) -> None:
    spec = all_objects()[plural]
    theirs = Samples(shared.other).make(plural)["id"]
    unknown = str(uuid4())
    shared.all_powerful()
    with shared.unchanged(plural):
        same(shared, in_paths(spec, theirs), in_paths(spec, unknown), theirs, unknown)
        for method, path, query in in_queries(spec, theirs):
            found = shared.all_powerful().call(method, path, **query)
            assert found.status_code == 200 and theirs not in found.content.decode()
            items = found.json()["items"]
            assert not items or items == [{"count": 0}], (path, query, items)


@pytest.mark.parametrize("plural", creatable())
def test_links_to_records_of_others_are_unknown(shared: World, plural: str) -> None:
    spec, samples, theirs = all_objects()[plural], Samples(shared), Samples(shared.other)
    own = samples.make(plural)
    ids: dict[Any, str] = {}

    def foreign(model: Any) -> str:
        target = by_model()[model].plural
        return ids.setdefault(
            model, theirs.one(target)["id"] if target in creatable() else _any(shared.other, target)
        )

    unknown = str(uuid4())
    calls = list(in_links(spec, samples, own, foreign))
    nowhere = list(in_links(spec, samples, own, lambda model: unknown))
    shared.all_powerful()
    with shared.unchanged(plural):
        refused = same(shared, calls, nowhere, *ids.values(), unknown)
    assert refused == len(calls), "a link to another organization was taken"


def _any(other: World, plural: str) -> str:
    return other.as_("孙审").list(plural)[0]["id"]


def test_the_events_of_others_cannot_be_undone(shared: World) -> None:
    made = shared.other.as_("赵敏").post("teams", {"name": "x"})
    (event,) = shared.other.events_of(made)
    shared.all_powerful()
    with shared.unchanged("undo"):
        for id in (str(event.id), str(uuid4())):
            shared.all_powerful().post(f"/undo/{id}", status=404)


def test_lines_of_others_are_unknown(shared: World) -> None:
    mine, theirs = Samples(shared).make("payment_terms"), Samples(shared.other).make("payment_terms")
    body = {"version": 1, "parts": [{"id": theirs["parts"][0]["id"], "days": 10}]}
    with shared.unchanged("lines"):
        found = shared.as_("陈静").patch(f"payment_terms/{mine['id']}", body, status=422)
    assert found["code"] == "unknown_line"


def test_a_token_is_of_one_organization(shared: World) -> None:
    """The tenant stands in the token in clear: swapping it finds nobody."""
    mine, theirs = shared.tokens["赵敏"], shared.other.tokens["赵敏"]
    swapped = "_".join(["gt", theirs.split("_")[1], mine.split("_", 2)[2]])
    caller = shared.as_("赵敏")
    response = caller.call("GET", "teams", headers={"Authorization": f"Bearer {swapped}"})
    assert response.status_code == 401
