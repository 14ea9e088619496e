"""Who runs the embedded server, and whether that account can get at the folders.

PostgreSQL refuses to run as root. Started by root we use the account that owns the database folder, or a
system account of its own. A home such as /root is closed to it, so it is given the right to pass through
(never to list or read) by an access control list for this one account.
"""

from __future__ import annotations

import os
import pwd
import shutil
import stat
import struct
import subprocess
from pathlib import Path

from guantong.site.faults import RIGHT, Stop

ACCOUNT = "guantong-db"
ACL = "system.posix_acl_access"
OWNER, NAMED, GROUP, MASK, OTHER = 0x01, 0x02, 0x04, 0x10, 0x20
NOBODY_NAMED = 0xFFFFFFFF
ENTRY = struct.Struct("<HHI")


def server_account(cluster: Path) -> pwd.struct_passwd | None:
    """Return the account to run the server as, None for the account we already are; root needs another."""
    if os.geteuid() != 0:
        return None
    if (cluster / "PG_VERSION").exists() and (owner := cluster.stat().st_uid):
        try:
            return pwd.getpwuid(owner)
        except KeyError:  # the folder came from another machine
            account = _system_account()
            give(cluster, account)
            return account
    return _system_account()


def _system_account() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam(ACCOUNT)
    except KeyError:
        make = ["useradd", "--system", "--no-create-home", "--home-dir", "/nonexistent"]
        make += ["--shell", "/usr/sbin/nologin", ACCOUNT]
        if shutil.which("useradd"):
            subprocess.run(make, capture_output=True, check=False)  # noqa: S603 - fixed words
    for name in (ACCOUNT, "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise Stop(
        "PostgreSQL refuses to run as root, and no other account exists: run `useradd -r guantong-db`.",
        RIGHT,
    )


def give(folder: Path, account: pwd.struct_passwd) -> None:
    """Make `account` the owner of `folder` and all that is in it."""
    os.chown(folder, account.pw_uid, account.pw_gid)
    for place, folders, files in os.walk(folder):
        for name in (*folders, *files):
            os.chown(Path(place, name), account.pw_uid, account.pw_gid, follow_symlinks=False)


def open_way(target: Path, account: pwd.struct_passwd) -> None:
    """Let `account` pass through every folder above `target`; raises Stop where that cannot be had."""
    for folder in reversed(target.resolve().parents):
        if _passes(folder, account):
            continue
        try:
            os.setxattr(folder, ACL, _with_entry(folder, account.pw_uid))
        except OSError as fault:
            raise Stop(
                f"The account {account.pw_name}, as which PostgreSQL runs, cannot pass through {folder}: "
                f"run `chmod o+x {folder}`, or set GUANTONG_HOME to a folder outside of it.",
                RIGHT,
            ) from fault


def _passes(folder: Path, account: pwd.struct_passwd) -> bool:
    found = folder.stat()
    if found.st_uid == account.pw_uid:
        return bool(found.st_mode & stat.S_IXUSR)
    entries = _entries(folder)
    mask = next((right for tag, right, _ in entries if tag == MASK), 7)  # a chmod after us changes the mask
    for tag, right, who in entries:
        if tag == NAMED and who == account.pw_uid:
            return bool(right & mask & 1)
    if found.st_gid == account.pw_gid:
        return bool(found.st_mode & stat.S_IXGRP)
    return bool(found.st_mode & stat.S_IXOTH)


def _entries(folder: Path) -> list[tuple[int, int, int]]:
    try:
        raw = os.getxattr(folder, ACL)
    except OSError:
        return []
    return [ENTRY.unpack_from(raw, offset) for offset in range(4, len(raw), ENTRY.size)]


def _with_entry(folder: Path, user: int) -> bytes:
    """Return the folder's access control list with the right to pass for `user` added."""
    mode = folder.stat().st_mode
    old = _entries(folder) or [
        (OWNER, mode >> 6 & 7, NOBODY_NAMED),
        (GROUP, mode >> 3 & 7, NOBODY_NAMED),
        (OTHER, mode & 7, NOBODY_NAMED),
    ]
    mask = next((right for tag, right, _ in old if tag == MASK), mode >> 3 & 7) | 1
    kept = [entry for entry in old if entry[0] != MASK and entry[:3:2] != (NAMED, user)]
    new = sorted(
        [*kept, (NAMED, 1, user), (MASK, mask, NOBODY_NAMED)], key=lambda entry: (entry[0], entry[2])
    )
    return struct.pack("<I", 2) + b"".join(ENTRY.pack(*entry) for entry in new)
