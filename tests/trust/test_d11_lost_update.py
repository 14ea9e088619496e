"""D11: who changes a record must have read its latest version; a stale one is refused on every object."""

from __future__ import annotations

import pytest

from guantong.engine.objects.registry import all_objects
from tests.samples import Samples, reachable
from tests.trust.foreign import sample_arguments
from tests.world import World


@pytest.mark.parametrize("plural", reachable())
def test_a_stale_version_is_refused(shared: World, plural: str) -> None:
    spec, samples = all_objects()[plural], Samples(shared)
    made = samples.make(plural)
    path, caller = f"{plural}/{made['id']}", samples.caller_for(spec, "write")
    if caller is None:
        return
    caller.patch(path, {"version": made["version"]})
    with shared.unchanged(path):
        stale = made["version"]
        assert caller.patch(path, {"version": stale}, status=409)["code"] == "stale"
        assert caller.patch(path, {}, status=409, headers={"If-Match": f'"{stale}"'})["code"] == "stale"
        assert caller.patch(path, {}, status=422)["field"] == "version"
        rows = {"change": [{"id": made["id"], "version": stale}]}
        assert caller.post(f"{plural}/batch", rows, status=409)["code"] == "stale"
        deleted = caller.call("DELETE", path, headers={"If-Match": f'"{stale}"'})
        assert deleted.status_code in (403, 409), deleted.content
        for verb in spec.verbs.values():
            if not verb.internal:
                body = {**sample_arguments(verb), "version": stale}
                assert caller.call("POST", f"{path}/{verb.name}", body).status_code in (403, 409)
