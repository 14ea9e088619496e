"""The files of the embedded server: its configuration, who may connect, and what its pid file says."""

from __future__ import annotations

import os
import pwd
from pathlib import Path

from guantong.site.databases import SUPERUSER

CONFIGURATION = """# Written by Guantong at every start. Your own settings go to local.conf, read last.
listen_addresses = ''
unix_socket_directories = '{sockets}'
unix_socket_permissions = 0777
max_connections = 100
shared_buffers = '256MB'
password_encryption = 'scram-sha-256'
fsync = {durable}
synchronous_commit = {durable}
full_page_writes = {durable}
shared_preload_libraries = '{preload}'
log_min_duration_statement = '2s'
log_line_prefix = '%m [%p] %q%u@%d '
log_timezone = 'UTC'
include_if_exists = 'local.conf'
"""
ACCESS = """# Written by Guantong at every start. Local only: the owner by account, others by password.
local all {superuser} peer map=house
local all all scram-sha-256
"""


def write_configuration(data: Path, sockets: Path, *, durable: bool, preload: str) -> None:
    """Write what the server reads at start: settings, access, and which accounts may be the owner."""
    settings = CONFIGURATION.format(sockets=sockets, durable="on" if durable else "off", preload=preload)
    own = {"root", pwd.getpwuid(os.geteuid()).pw_name, pwd.getpwuid(data.stat().st_uid).pw_name}
    names = "".join(f'house "{name}" {SUPERUSER}\n' for name in sorted(own))
    files = {
        "guantong.conf": settings,
        "pg_hba.conf": ACCESS.format(superuser=SUPERUSER),
        "pg_ident.conf": names,
    }
    for name, text in files.items():
        path = data / name
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            if os.geteuid() == 0:
                os.chown(path, data.stat().st_uid, data.stat().st_gid)
    main = data / "postgresql.conf"
    line = "include = 'guantong.conf'\n"
    if line not in main.read_text(encoding="utf-8"):
        with main.open("a", encoding="utf-8") as file:
            file.write(line)


def server_process(data: Path) -> int | None:
    """Return the process id of the live server of `data`, None when the pid file is absent or stale.

    After a crash or a reboot the number may belong to anybody, so the process must be a postgres that
    works in this very folder.
    """
    try:
        number = int((data / "postmaster.pid").read_text(encoding="utf-8").split("\n", 1)[0])
        name = Path(f"/proc/{number}/comm").read_text(encoding="utf-8").strip()
        here = Path(f"/proc/{number}/cwd").resolve(strict=True) == data.resolve()
    except (OSError, ValueError):
        return None
    return number if name == "postgres" and here else None


def is_ready(data: Path) -> bool:
    """Say whether the live server of `data` takes connections."""
    try:
        lines = (data / "postmaster.pid").read_text(encoding="utf-8").split("\n")
    except OSError:
        return False
    return len(lines) > 7 and lines[7].strip() == "ready"


def last_words(log: Path) -> str:
    """Return the line of the server's log that says best why it did not start."""
    try:
        lines = log.read_text(encoding="utf-8", errors="replace").splitlines()[-40:]
    except OSError:
        return "it left no log"
    for mark in ("PANIC:", "FATAL:", "error:", "ERROR:"):
        for line in reversed(lines):
            if mark in line:
                return line.split(mark, 1)[1].strip()
    return lines[-1] if lines else "its log is empty"
