"""Start child processes, start them again when they fall over, and stop them all together."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from guantong.site.faults import Stop

PARENT = "GUANTONG_PARENT"
GRACE = 15.0
TOO_OFTEN = 3
WINDOW = 60.0
LONG_LOG = 20_000_000


def die_with_parent() -> None:
    """Ask the kernel to stop us when the supervising process is gone, even if it was killed."""
    parent = os.environ.get(PARENT)
    if not parent:
        return
    ctypes.CDLL(None, use_errno=True).prctl(1, signal.SIGTERM, 0, 0, 0)  # PR_SET_PDEATHSIG
    if os.getppid() != int(parent):
        sys.exit(0)


@dataclass
class Child:
    """One process of ours: which command it runs and where its words go."""

    command: list[str]
    log: Path
    process: subprocess.Popen[bytes] | None = None
    falls: list[float] = field(default_factory=list)

    def start(self) -> None:
        """Start it in a session of its own, so that Ctrl-C reaches the supervisor only."""
        if self.log.exists() and self.log.stat().st_size > LONG_LOG:
            self.log.replace(self.log.with_suffix(".log.1"))
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(  # noqa: S603 - our own command
                [sys.executable, "-m", "guantong.site", *self.command],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env={**os.environ, PARENT: str(os.getpid())},
                start_new_session=True,
            )

    def alive(self) -> bool:
        """Say whether it runs."""
        return self.process is not None and self.process.poll() is None

    def raise_again(self) -> None:
        """Start it again after a fall; raises Stop when it keeps falling."""
        now = time.monotonic()
        self.falls = [fall for fall in self.falls if now - fall < WINDOW] + [now]
        if len(self.falls) >= TOO_OFTEN:
            raise Stop(f"The {self.command[0]} process keeps failing: {self.last_words()} (see {self.log}).")
        self.start()

    def last_words(self) -> str:
        """Return the last line that it wrote."""
        lines = self.log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
        return lines[-1][:300].removeprefix("guantong: ") if lines else "it said nothing"


def stop_all(children: list[Child]) -> None:
    """Ask all to end, wait, and make an end of those that do not."""
    for child in children:
        if child.process is not None and child.alive():
            child.process.terminate()
    until = time.monotonic() + GRACE
    for child in children:
        if child.process is None:
            continue
        try:
            child.process.wait(max(0.1, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(child.process.pid, signal.SIGKILL)
            child.process.wait()
