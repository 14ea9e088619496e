"""A4: whatever is asked with an id of another organization answers as an unknown id does, and changes nothing."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from guantong.engine.jobs.task import run_job
from guantong.engine.objects.registry import all_objects, by_model
from guantong.engine.org.team import Team
from guantong.engine.org.token import ApiToken
from guantong.engine.tenancy.scope import scope
from tests.samples import Samples, creatable, reachable
from tests.trust.foreign import in_links, in_paths, in_queries
from tests.trust.operations import operations, shape
from tests.world import World

ID = "records/<str:plural>/<str:id>"
PARTS = [("GET", "chain"), ("GET", "comments"), ("POST", "comments"), ("GET", "events"), ("GET", "files"),
         ("POST", "files"), ("GET", "history")]  # fmt: skip
OWN = [
    ("GET", "files/<str:id>"),
    ("DELETE", "files/<str:id>"),
    ("GET", "jobs/<str:id>"),
    ("POST", "jobs/<str:id>/stop"),
    ("GET", "imports/<str:job>/errors"),
    ("POST", "imports/<str:job>/undo"),
    ("DELETE", "me/tokens/<str:id>"),
]
# operation → where its verdict is
VERDICTS = {
    ("GET", "records/<str:plural>"): "in_queries",
    ("POST", "records/<str:plural>"): "in_links",
    ("POST", "records/<str:plural>/batch"): "in_paths, in_links",
    ("POST", "records/<str:plural>/preview"): "in_links",
    ("POST", "records/<str:plural>/adopt"): "in_links",
    ("GET", "docs"): "a page without facts",
    ("GET", "openapi.json"): "the shapes of the build, no facts",
    ("GET", "meta"): "no ids",
    ("GET", "meta/<str:plural>"): "no ids",
    ("GET", "me"): "no ids",
    ("GET", "me/tokens"): "no ids",
    ("POST", "me/tokens"): "no ids",
    ("GET", "jobs"): "test_own_addresses_of_others",
    ("POST", "imports/<str:plural>"): "no ids but those in cells: test_labels_of_others_in_cells",
    ("POST", "imports/<str:plural>/guess"): "no ids",
    **{(method, f"{ID}/{part}"): "in_paths" for method, part in PARTS},
    **dict.fromkeys(OWN, "test_own_addresses_of_others"),
    ("GET", "exports/<str:plural>"): "test_exports_hold_nothing_of_others",
    ("GET", ID): "in_paths",
    ("PATCH", ID): "in_paths, in_links",
    ("DELETE", ID): "in_paths",
    ("POST", f"{ID}/preview"): "in_paths",
    ("POST", f"{ID}/<str:verb>"): "in_paths, in_links",
    ("POST", "verbs/<str:plural>/<str:verb>"): "in_paths",
    ("GET", "aggregate/<str:plural>"): "in_queries",
    ("GET", "reports"): "no ids",
    ("GET", "reports/<str:name>"): "tests/modules/ledger/test_reports_api.py: an entity of others is unknown",
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


def _uploaded(world: World, path: str, content: bytes, name: str = "a.csv") -> dict[str, Any]:
    file = SimpleUploadedFile(name, content, content_type="text/csv")
    response = world.all_powerful().client.post(f"/api/{path}", {"file": file})
    assert response.status_code < 300, response.content
    return response.json()


def test_own_addresses_of_others(shared: World) -> None:
    """Files, jobs and tokens have addresses of their own."""
    theirs, caller = shared.other, shared.all_powerful()
    customer = Samples(theirs).one("customers")["id"]
    ids = {
        "files": _uploaded(theirs, f"records/customers/{customer}/files", b"text", "a.txt")["id"],
        "jobs": _uploaded(theirs, "imports/teams", b"name\nA\n")["job"],
    }
    with scope(theirs.tenant):
        ids["me"] = str(ApiToken.objects.get(user_id=theirs.users["万能"].id).id)
    ids["imports"] = ids["jobs"]
    nobody = str(uuid4())
    with shared.unchanged("own addresses"):
        for method, address in OWN:
            id, part = ids[address.split("/")[0]], address.split("<")[0]
            tail = address.partition(">")[2]
            found = shape(caller.call(method, f"/{part}{id}{tail}"), id)
            unknown = shape(caller.call(method, f"/{part}{nobody}{tail}"), nobody)
            assert found == unknown and 400 <= found[0] < 500, (method, address, found)
        assert ids["jobs"] not in caller.call("GET", "/jobs").content.decode()


@pytest.mark.parametrize("plural", creatable())
def test_exports_hold_nothing_of_others(shared: World, plural: str) -> None:
    theirs = Samples(shared.other).one(plural)["id"]
    condition = {"field": "id", "op": "eq", "value": theirs}
    response = shared.all_powerful().call("GET", f"/exports/{plural}", filter=condition)
    content = b"".join(response) if response.streaming else response.content
    assert response.status_code < 500 and theirs.encode() not in content.replace(b"\\", b"")


def test_labels_of_others_in_cells(shared: World) -> None:
    """A link in a cell is found by its label in the own organization only."""
    shared.other.as_("赵敏").post("teams", {"name": "只在他山"})
    with scope(shared.tenant):
        before = Team.objects.count()
    job = _uploaded(shared, "imports/teams", "name,parent\nB,只在他山\n".encode())["job"]
    run_job(shared.tenant, UUID(job))
    with scope(shared.tenant):
        assert Team.objects.filter(name="B").exclude(parent_id=None).count() == 0
        assert Team.objects.count() <= before + 1
