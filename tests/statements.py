"""Every statement that this thread's connection sends, BEGIN and COMMIT too: read from libpq's own trace."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

SENT = re.compile(r"^(?:\S+ \S+\t)?F\t\d+\t(Query|Parse|Execute)\t(.*)$", re.MULTILINE)


class Statements(list[str]):
    """The texts, in order; complete when the `with` block is left."""

    def __str__(self) -> str:
        return "\n".join(f"{place:3} {text[:160]}" for place, text in enumerate(self, start=1))


@contextmanager
def statements() -> Iterator[Statements]:
    """Collect the statements of a block; `len()` of what it gives is their number."""
    connection.ensure_connection()
    wire, found = connection.connection.pgconn, Statements()
    with tempfile.TemporaryFile() as trace:
        wire.trace(os.dup(trace.fileno()))
        try:
            yield found
        finally:
            wire.untrace()
            trace.seek(0)
            found += _read(trace.read().decode("utf-8", "replace"))


def _read(trace: str) -> list[str]:
    texts = [(kind, text.strip().strip('"')) for kind, text in SENT.findall(trace)]
    executed, last = [], ""
    for kind, text in texts:
        if kind == "Parse":
            last = text
        else:
            executed.append(text if kind == "Query" else last)
    return executed
