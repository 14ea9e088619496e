"""The embedded PostgreSQL: a thin adapter over the programs of the wheel, for one work folder.

Every process that uses the server holds a shared lock; whoever lets go last stops it. The kernel drops
the locks of a killed process, so a crash leaves nothing to clean up by hand.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from pathlib import Path

from guantong.site.cluster import is_ready, last_words, server_process, write_configuration
from guantong.site.databases import SUPERUSER
from guantong.site.faults import DATABASE, RIGHT, Stop
from guantong.site.locks import FileLock, alone
from guantong.site.programs import binaries, run_program
from guantong.site.reach import open_way, server_account
from guantong.site.sockets import SOCKET, socket_folder

MAJOR = "18"
STILL_BUSY = "shared memory block"
LONG_LOG = 20_000_000


class Embedded:
    """The PostgreSQL server of one work folder."""

    def __init__(self, folder: Path, *, durable: bool = True) -> None:
        self.data = folder / "database"
        self.run = folder / "run"
        self.log = folder / "logs" / "database.log"
        self.durable = durable
        self.sockets = socket_folder(self.run)
        self._use: FileLock | None = None
        self._account = server_account(self.data)

    def use(self) -> None:
        """Start the server where it does not run, and keep it running until `release`."""
        try:
            with alone(self.run / "database.start"):
                self._use = self._use or FileLock(self.run / "database.use")
                self._use.share()
                if server_process(self.data) is None or not is_ready(self.data):
                    self._start()
        except PermissionError as fault:
            raise Stop(
                f"The database belongs to another user: {fault.filename} is closed to us.", RIGHT
            ) from fault

    def release(self) -> None:
        """Let go; the last user stops the server."""
        if self._use is None:
            return
        with alone(self.run / "database.start"):
            if self._use.own() and server_process(self.data) is not None:
                self._pg("pg_ctl", "stop", "-D", str(self.data), "-m", "fast", "-w", "-t", "60")
            self._use.close()
            self._use = None

    def _start(self) -> None:
        self._place_sockets()
        self.log.touch(mode=0o600)
        if self._account:
            for place in (self.data, self.log, self.sockets, binaries() / "postgres"):
                open_way(place, self._account)
            os.chown(self.log, self._account.pw_uid, self._account.pw_gid)
        if not (self.data / "PG_VERSION").exists():
            self._create()
        version = (self.data / "PG_VERSION").read_text(encoding="ascii").strip()
        if version != MAJOR:
            raise Stop(
                f"{self.data} was written by PostgreSQL {version}, this release brings {MAJOR}: "
                "move it away and restore a backup.",
                DATABASE,
            )
        preload = (
            "pg_stat_statements" if (binaries().parent / "lib" / "pg_stat_statements.so").exists() else ""
        )
        write_configuration(self.data, self.sockets, durable=self.durable, preload=preload)
        self._launch()

    def _create(self) -> None:
        """Run initdb beside the place and move the result there: never a half-made database."""
        if self.data.exists() and any(self.data.iterdir()):
            raise Stop(f"{self.data} is not empty and is no database: move it away.", DATABASE)
        draft = self.data.with_name("database.new")
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        if self._account:
            os.chown(draft, self._account.pw_uid, self._account.pw_gid)
        options = ["--encoding=UTF8", "--locale=C.UTF-8", "--data-checksums", f"--username={SUPERUSER}"]
        options += ["--auth-local=peer", "--auth-host=reject", *([] if self.durable else ["--no-sync"])]
        made = self._pg("initdb", "-D", str(draft), *options)
        if made.returncode:
            shutil.rmtree(draft, ignore_errors=True)
            words = (made.stdout.strip().splitlines() or ["initdb said nothing"])[-1]
            raise Stop(f"The database cannot be created in {self.data}: {words}", DATABASE)
        draft.rename(self.data)

    def _launch(self, patience: float = 20.0) -> None:
        """Start the server; backends of a killed one may need seconds to notice its death."""
        until = time.monotonic() + patience
        if self.log.stat().st_size > LONG_LOG:
            os.truncate(self.log, 0)
        while True:
            if server_process(self.data) is None:
                self._sweep()
            done = self._pg("pg_ctl", "start", "-D", str(self.data), "-l", str(self.log), "-w", "-t", "300")
            if done.returncode == 0:
                return
            words = last_words(self.log)
            if STILL_BUSY not in words or time.monotonic() > until:
                raise Stop(f"The database in {self.data} does not start: {words} (see {self.log}).", DATABASE)
            time.sleep(0.2)

    def _sweep(self) -> None:
        """Remove what a killed server left: its number may belong to a stranger, or to nobody we can ask."""
        for path in (self.data / "postmaster.pid", self.sockets / SOCKET, self.sockets / f"{SOCKET}.lock"):
            path.unlink(missing_ok=True)

    def _place_sockets(self) -> None:
        """Make the socket folder ours alone: among temporary files somebody might have been there first."""
        self.sockets.mkdir(mode=0o711, parents=True, exist_ok=True)
        user = self._account.pw_uid if self._account else os.geteuid()
        if self.sockets.is_symlink() or self.sockets.stat().st_uid not in (user, os.geteuid()):
            raise Stop(f"{self.sockets} belongs to somebody else: remove it.", RIGHT)
        if self._account:
            os.chown(self.sockets, user, self._account.pw_gid)

    def _pg(self, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        return run_program(program, *arguments, account=self._account)
