"""Locks on files that the kernel lets go of when a process dies, however it dies."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class FileLock:
    """One open lock file. Shared holders count as users of a thing, an exclusive holder owns it."""

    def __init__(self, path: Path) -> None:
        self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)

    def share(self) -> None:
        """Hold the lock together with others; waits for an exclusive holder."""
        fcntl.flock(self._descriptor, fcntl.LOCK_SH)

    def own(self) -> bool:
        """Try to hold the lock alone, at once; says whether that worked."""
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def wait(self) -> None:
        """Hold the lock alone; waits for all other holders."""
        fcntl.flock(self._descriptor, fcntl.LOCK_EX)

    def note(self, text: str) -> None:
        """Leave a word for whoever finds the lock taken."""
        os.ftruncate(self._descriptor, 0)
        os.pwrite(self._descriptor, text.encode(), 0)

    def read(self) -> str:
        """Return the word that the holder left."""
        return os.pread(self._descriptor, 1000, 0).decode(errors="replace")

    def close(self) -> None:
        """Let go."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Hold the lock at `path` alone while the block runs."""
    lock = FileLock(path)
    try:
        lock.wait()
        yield
    finally:
        lock.close()
