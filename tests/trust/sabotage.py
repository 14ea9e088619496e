"""Make the k-th statement of a piece of work fail: by an error, by killing the backend, or after its COMMIT."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import OperationalError, connection, connections

RAISE, KILL = "raise", "kill"


class Sabotage:
    """Counts statements and COMMITs; at number `at` it strikes once. `at=0` only counts."""

    def __init__(self, at: int = 0, how: str = RAISE) -> None:
        self.at, self.how, self.seen, self.struck = at, how, 0, False

    def _strike(self) -> None:
        self.struck = True
        if self.how == RAISE:
            raise OperationalError("seeded")
        pid = connection.connection.info.backend_pid
        with connections["owner"].cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s, 2000)", [pid])

    def statement(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        """A point before each statement."""
        self.seen += 1
        if self.seen == self.at:
            self._strike()
        return execute(sql, params, many, context)

    def commit(self, commit: Any) -> None:
        """Two points at each COMMIT: before it, and after it but before anybody hears of it."""
        self.seen += 1
        if self.seen == self.at:
            self._strike()
        commit()
        self.seen += 1
        if self.seen == self.at:
            self.struck = True
            if self.how == KILL:
                connection.connection.close()
            raise OperationalError("seeded: the answer of COMMIT was lost")


@contextmanager
def sabotaged(at: int = 0, how: str = RAISE) -> Iterator[Sabotage]:
    """Strike inside the block; afterwards the connection is a new one, as it would be in a new request."""
    work = Sabotage(at, how)
    connection.ensure_connection()
    original = connection._commit
    connection._commit = lambda: work.commit(original)
    try:
        with connection.execute_wrapper(work.statement):
            yield work
    finally:
        del connection._commit
        connection.close()
