"""The builder that all other tests stand on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.world import World


def test_a_world_sees_events_statements_and_rows(world: World) -> None:
    with world.unchanged("reading"):
        assert len(world.as_("王磊").list("users")) == 10
    with world.statements() as sent:
        made = world.as_("赵敏").post("teams", {"name": "海外部"}, status=201)
    assert sent[0].startswith("BEGIN") and sent[-1] == "COMMIT" and len(sent) == 5, str(sent)
    with pytest.raises(AssertionError, match=r"not expected: \['team.created'\]"):
        world.expect_events([])
    world.as_("赵敏").patch(f"teams/{made['id']}", {"name": "海外销售部", "version": 1})
    world.expect_events("team.changed")
    assert [event.verb for event in world.events_of(made)] == ["created", "changed"]
    with pytest.raises(AssertionError, match="org_team"), world.unchanged("a post"):
        world.as_("赵敏").post("teams", {"name": "北方部"})


def test_another_organization_has_nothing_of_this_one(world: World) -> None:
    made = world.as_("赵敏").post("teams", {"name": "海外部"})
    world.other.as_("赵敏").get(f"teams/{made['id']}", status=404)
    assert {team["name"] for team in world.other.as_("赵敏").list("teams")} == {"华东销售部", "华西销售部"}
