"""Worlds of the trust tests: sweeps share one for a whole file, since what they try must change nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.world import World


@pytest.fixture(scope="module")
def shared() -> Iterator[World]:
    """One organization for a file, another one beside it, and somebody with every role in both."""
    from tests.world import World  # noqa: PLC0415 - models load only once Django stands

    made = World()
    made.all_powerful()
    made.other.all_powerful()
    yield made
    made.close()
