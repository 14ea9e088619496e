"""The work folder: all that one installation keeps, in one place a person can find, move and back up."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from pathlib import Path

from guantong.site.faults import RIGHT, Stop
from guantong.site.version import CHECKOUT, in_checkout

SUBFOLDERS = ("files", "backups", "logs", "run")
PASSABLE = ("logs", "run")  # the account that runs the database passes through, it cannot list

README = """贯通 Guantong: the work folder. Everything this installation keeps is in here.

database/    the embedded PostgreSQL (absent when DATABASE_URL names a server of your own)
files/       attachments and printed documents
backups/     what `guantong backup` writes
logs/        what the web, worker and database processes say
run/         sockets and locks of running processes; may be deleted while nothing runs
secret.key   signs sessions, makes the passwords of the database roles: keep it private and with the data

Move:     stop Guantong, move this folder, set GUANTONG_HOME to the new place, start again.
Back up:  `guantong backup` while it runs. Copying this folder is safe only while Guantong is stopped.
中文:停止后可整体移动本文件夹(用 GUANTONG_HOME 指明新位置);运行中请用 `guantong backup` 备份。
"""


def work_folder() -> Path:
    """Return the folder: GUANTONG_HOME, else `.guantong` in a checkout, else `~/.guantong`."""
    chosen = os.environ.get("GUANTONG_HOME")
    if chosen:
        return Path(chosen).expanduser().absolute()
    return CHECKOUT / ".guantong" if in_checkout() else Path.home() / ".guantong"


def ensure_folder(folder: Path | None = None) -> Path:
    """Create the folder and its parts where they are missing; raises Stop when we may not."""
    folder = folder or work_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o711)
        for name in SUBFOLDERS:
            (folder / name).mkdir(exist_ok=True, mode=0o711 if name in PASSABLE else 0o700)
        readme = folder / "README.txt"
        if not readme.exists():
            readme.write_text(README, encoding="utf-8")
        secret_key(folder)
    except OSError as fault:
        raise Stop(
            f"The work folder {folder} cannot be used: {fault.strerror} ({fault.filename}).", RIGHT
        ) from fault
    return folder


def secret_key(folder: Path | None = None) -> str:
    """Return the installation's secret, made on first use with rights for its owner only."""
    if key := os.environ.get("GUANTONG_SECRET_KEY"):
        return key
    path = (folder or work_folder()) / "secret.key"
    if not path.exists():
        _write_once(path, secrets.token_urlsafe(64))
    try:
        return path.read_text(encoding="ascii").strip()
    except OSError as fault:
        raise Stop(f"The secret key {path} cannot be read: {fault.strerror}.", RIGHT) from fault


def _write_once(path: Path, text: str) -> None:
    """Write a private file completely or not at all; of two writers at once the first one wins."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o711)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(text + "\n")
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    except OSError:
        os.replace(draft, path)
        return
    draft.unlink()


def derived(name: str, key: str | None = None) -> str:
    """Return the hexadecimal HMAC-SHA256 of `name` under the secret key: a password nobody has to keep."""
    return hmac.new((key or secret_key()).encode(), name.encode(), hashlib.sha256).hexdigest()
