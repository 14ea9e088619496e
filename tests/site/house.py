"""A whole installation in a temporary folder, driven from outside as a person would."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg

from guantong.site import sockets
from guantong.site.cluster import server_process
from guantong.site.databases import embedded_settings, psycopg_parameters
from guantong.site.ports import answers

SOURCE = Path(sockets.__file__).resolve().parents[2]
FOREIGN = (
    "DATABASE_URL",
    "GUANTONG_SECRET_KEY",
    "GUANTONG_POOL",
    "GUANTONG_PARENT",
    "DJANGO_SETTINGS_MODULE",
)


class House:
    """One installation: its folder, its commands, its processes."""

    def __init__(self, home: Path, *, user: str | None = None) -> None:
        self.home = home
        self.user = user

    def environment(self) -> dict[str, str]:
        """Return an environment in which nothing of this test run is left."""
        kept = {name: value for name, value in os.environ.items() if name not in FOREIGN}
        return {
            **kept,
            "GUANTONG_HOME": str(self.home),
            "PYTHONPATH": str(SOURCE),
            "PYTHONDONTWRITEBYTECODE": "1",
        }

    def start(self, *words: str) -> subprocess.Popen[str]:
        """Start a command and return at once."""
        return subprocess.Popen(
            [sys.executable, "-m", "guantong.site", *words],
            env=self.environment(),
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
            user=self.user,
            cwd="/",
        )

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run a command to its end."""
        process = self.start(*words)
        said, complained = process.communicate(timeout=60)
        return subprocess.CompletedProcess(words, process.returncode, said, complained)

    def serve(self, port: int) -> subprocess.Popen[str]:
        """Start `guantong serve` and wait for its first answer."""
        process = self.start("serve", "--port", str(port), "--workers", "1", "--no-demo")
        until = time.monotonic() + 30
        while not answers("127.0.0.1", port):
            assert process.poll() is None and time.monotonic() < until, process.communicate(timeout=5)
            time.sleep(0.02)
        return process

    def postmaster(self) -> int | None:
        """Return the process id of the database server."""
        return server_process(self.home / "database")

    def sql(self, statement: str) -> list[tuple[object, ...]]:
        """Run one statement as the owner; the database must be running."""
        settings = embedded_settings(self.home)
        with psycopg.connect(**psycopg_parameters(settings), autocommit=True) as connection:
            cursor = connection.execute(statement)
            return cursor.fetchall() if cursor.description else []


@contextlib.contextmanager
def house(home: Path, *, user: str | None = None) -> Iterator[House]:
    """Lend an installation, and take its socket folder away at the end."""
    place = sockets.socket_folder(home / "run")
    yield House(home, user=user)
    if place.is_relative_to(sockets.TEMPORARY / place.name):
        shutil.rmtree(place, ignore_errors=True)


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
