"""L6: a list costs the same number of statements for 10 rows as for 100."""

from __future__ import annotations

import pytest

from guantong.engine.objects.registry import all_objects
from tests.samples import Samples, creatable
from tests.world import World

MOST = 6  # BEGIN, SET LOCAL, who, page, (count), COMMIT


ONE_EACH = {"posting_policies": "one edition per entity and day"}


@pytest.mark.parametrize("plural", [p for p in creatable() if p not in ONE_EACH])
def test_no_statement_per_row(shared: World, plural: str) -> None:
    spec, samples = all_objects()[plural], Samples(shared)
    samples.make(plural)
    caller = samples.caller_for(spec)
    assert caller is not None
    counts = []
    for more in (9, 90):
        caller.post(f"{plural}/batch", {"create": [samples.body(spec) for _ in range(more)]})
        with shared.statements() as sent:
            found = caller.get(plural, limit=200, count="exact")
        assert len(found["items"]) >= more
        counts.append(len(sent))
    assert counts[0] == counts[1] <= MOST, sent
