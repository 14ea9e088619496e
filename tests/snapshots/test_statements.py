"""How many statements the short road takes, frozen: a change shows in review (`make snapshots` writes it anew).

Bounds of the house: 12 for a verb, 8 for a reaction, 150 for the road, BEGIN and COMMIT included.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bench.road import Road
from tests.statements import Statements, statements
from tests.world import World

SNAPSHOT = Path(__file__).with_name("statements.txt")
MOST_OF_A_VERB, MOST_OF_A_REACTION, MOST_OF_THE_ROAD = 12, 8, 150


class Counted(Road):
    """The road, with the statements of each step; looking documents up between steps is not counted."""

    counting = False

    def post(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        return self._counted(super().post, *args, **kwargs)

    def verb(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        return self._counted(super().verb, *args, **kwargs)

    def _counted(self, step: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        if not self.counting:
            return step(*args, **kwargs)
        with statements() as sent:
            reply = step(*args, **kwargs)
        self.found.append((self.steps[-1], list(transactions(sent))))
        return reply

    def count(self) -> list[tuple[str, list[int]]]:
        """Walk once more and count: the step, then statements of its transaction and of each reaction's."""
        self.found: list[tuple[str, list[int]]] = []
        self.counting = True
        self.walk()
        return self.found


def transactions(sent: Statements) -> Iterator[int]:
    """The number of statements from each BEGIN to the next."""
    count = 0
    for text in sent:
        if text.upper().startswith("BEGIN") and count:
            yield count
            count = 0
        count += 1
    if count:
        yield count


@pytest.fixture(scope="module")
def counts() -> Iterator[list[tuple[str, list[int]]]]:
    world = World()
    try:
        road = Counted(world)
        road.walk()  # the first deal fills caches and opens the month
        yield road.count()
    finally:
        world.close()


def test_snapshot_of_the_road(counts: list[tuple[str, list[int]]]) -> None:
    text = "".join(f"{step:28} {' + '.join(map(str, parts))}\n" for step, parts in counts)
    text += f"{'all':28} {sum(sum(parts) for _, parts in counts)}\n"
    if os.environ.get("GUANTONG_SNAPSHOTS") == "write":
        SNAPSHOT.write_text(text, encoding="utf-8")
    assert text == SNAPSHOT.read_text(encoding="utf-8")


def test_the_road_keeps_its_bounds(counts: list[tuple[str, list[int]]]) -> None:
    for step, (verb, *reactions) in counts:
        assert verb <= MOST_OF_A_VERB, f"{step} takes {verb} statements"
        assert all(count <= MOST_OF_A_REACTION for count in reactions), (
            f"{step}: a reaction takes {reactions}"
        )
    assert sum(sum(parts) for _, parts in counts) <= MOST_OF_THE_ROAD
    assert {step for step, parts in counts if len(parts) > 1} == {"quote_versions.accept", "orders.confirm"}
