"""What the tests of the selling modules share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.modules.selling import Market
    from tests.world import World


@pytest.fixture
def market(world: World) -> Market:
    """Goods with prices, and short words for the steps of a sale."""
    from tests.modules.selling import Market  # noqa: PLC0415 - models load only once Django stands

    return Market(world)
