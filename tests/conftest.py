"""What every test stands on: Django, started once against a database of this test process alone."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.database import TestDatabase

if TYPE_CHECKING:
    from tests.world import World

_database: TestDatabase | None = None


def pytest_configure(config: pytest.Config) -> None:
    """Start before collection, because test modules import models; the xdist controller runs no test."""
    global _database
    controls = getattr(config.option, "numprocesses", None) and not hasattr(config, "workerinput")
    if controls or config.option.help or config.option.version:
        return
    if hasattr(config, "workerinput"):
        os.environ.setdefault("PYTEST_XDIST_TESTRUNUID", config.workerinput["testrunuid"])
    _database = TestDatabase()
    _database.open()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Leave nothing behind."""
    if _database is not None:
        _database.close()


@pytest.fixture(scope="session")
def database() -> TestDatabase:
    """The database of this test process."""
    assert _database is not None
    return _database


@pytest.fixture
def world() -> Iterator[World]:
    """An organization of this test alone."""
    from tests.world import World  # noqa: PLC0415 - models load only once Django stands

    made = World()
    yield made
    made.close()
