"""A6: a mutation that is refused changes no table: not the record, nor outbox, idempotency, counters or jobs."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest

from guantong.engine.access.grants import may_ever
from guantong.engine.objects.registry import all_objects
from guantong.engine.objects.spec import ObjectSpec
from tests.samples import Samples, creatable, reachable
from tests.trust.foreign import sample_arguments
from tests.world import CAST, World

Call = tuple[str, str, dict[str, Any]]


def mutations(spec: ObjectSpec, samples: Samples, made: dict[str, Any]) -> Iterator[tuple[str, Call]]:
    """(action, call) for every way to write a record."""
    path, version = f"{spec.plural}/{made['id']}", made["version"]
    yield "create", ("POST", spec.plural, samples.body(spec))
    yield "create", ("POST", f"{spec.plural}/batch", {"create": [samples.body(spec)]})
    yield "write", ("PATCH", path, {"version": version})
    yield "write", ("POST", f"{spec.plural}/batch", {"change": [{"id": made["id"], "version": version}]})
    yield "delete", ("DELETE", path, {})
    yield "delete", ("POST", f"{spec.plural}/batch", {"delete": [made["id"]]})
    if spec.model.adopt_states:
        yield "adopt", ("POST", f"{spec.plural}/adopt", samples.body(spec))
    for verb in spec.verbs.values():
        body = sample_arguments(verb)
        yield verb.name, ("POST", f"{path}/{verb.name}", body)
        yield verb.name, ("POST", f"/verbs/{spec.plural}/{verb.name}", {"ids": [made["id"]], **body})


@pytest.mark.parametrize("plural", reachable())
def test_what_a_role_may_not_do_leaves_no_trace(shared: World, plural: str) -> None:
    spec, samples, keys = all_objects()[plural], Samples(shared), count()
    made = samples.make(plural)
    calls = list(mutations(spec, samples, made))
    denied = 0
    with shared.unchanged(plural):
        for name in CAST:
            for action, (method, path, body) in calls:
                verb = spec.verbs.get(action)
                if may_ever(spec, action, samples.actor(name)) and not (verb and verb.internal):
                    continue
                response = shared.as_(name).call(method, path, body, key=f"k{next(keys)}")
                denied += 1
                if path.startswith("/verbs/") and response.status_code == 200:
                    assert response.json()["items"][0]["status"] in (403, 404)
                else:
                    assert response.status_code in (403, 404), (name, method, path, response.content)
    assert denied, "nobody is ever refused"


@pytest.mark.parametrize("plural", creatable())
def test_a_wrong_body_leaves_no_trace(shared: World, plural: str) -> None:
    """A refusal after the key was taken gives the key back."""
    spec, samples = all_objects()[plural], Samples(shared)
    samples.make(plural)
    body, caller = samples.body(spec), shared.all_powerful()
    with shared.unchanged(plural):
        for wrong in ([], "x", {}, {**body, "nothing": 1}, {**body, next(iter(body)): {"x": 1}}):
            response = caller.call("POST", plural, wrong, key=plural)
            assert response.status_code == 422 or (wrong == {} and response.status_code == 201), (
                response.content
            )
            if response.status_code == 201:
                pytest.skip("nothing is required of this object")
    assert caller.call("POST", plural, body, key=plural).status_code in (201, 403)


def test_a_state_that_is_wrong_leaves_no_trace(shared: World) -> None:
    caller = shared.as_("赵敏")
    user = caller.post("users", {"name": "新人"})
    caller.post(f"users/{user['id']}/disable")
    with shared.unchanged("disable twice"):
        caller.post(f"users/{user['id']}/disable", status=409, key="k")
