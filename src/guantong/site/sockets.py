"""Where the embedded server's socket lies: Linux allows 107 bytes for its path, a long folder has more."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

PORT = 5432
LIMIT = 107
TEMPORARY = Path("/tmp")  # noqa: S108 - not $TMPDIR: it differs between sessions; ownership is checked
SOCKET = f".s.PGSQL.{PORT}"
NAME = f"{SOCKET}.lock"


def socket_folder(run: Path) -> Path:
    """Return a folder in `run` when its path is short and plain, else one of our own in /tmp.

    The answer depends on the path alone, so that every process of one installation finds the same place.
    libpq reads a comma as a list of hosts and PostgreSQL's configuration is safest in plain ASCII.
    """
    place = run / "db"
    text = str(place)
    plain = text.isascii() and text.isprintable() and not set(text) & set(",'\"\\")
    if plain and len(os.fsencode(place / NAME)) <= LIMIT:
        return place
    mark = hashlib.sha256(os.fsencode(run)).hexdigest()[:16]
    return TEMPORARY / f"guantong-{mark}"
