"""Books for each test of the ledger."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from guantong.base import clock

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture
def books() -> Iterator[Any]:
    """A new organization with one entity that keeps books in CNY."""
    from tests.modules.ledger.bookkeeper import Bookkeeper  # noqa: PLC0415 - Django must stand first

    with clock.frozen(MONDAY):
        yield Bookkeeper()
