"""Every test of collection ends with books that equal the documents."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.modules.invoicing.trade import Trade
    from tests.world import World


@pytest.fixture
def trade(world: World) -> Iterator[Trade]:
    """A customer to bill; at the end the controls equal the sub-ledgers."""
    from tests.modules.invoicing.trade import Trade  # noqa: PLC0415 - models load only once Django stands

    made = Trade(world)
    yield made
    assert made.findings() == []
