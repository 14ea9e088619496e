"""Backups: one tar with a manifest, the database as pg_dump wrote it, the files and the secret key.

The manifest names every member with its SHA-256; a restore verifies all of them before it touches anything.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from guantong.base.clock import now
from guantong.site import dump
from guantong.site.faults import DATABASE, USAGE, Stop
from guantong.site.folder import ensure_folder
from guantong.site.version import version

FORMAT = "guantong-backup-1"
MANIFEST = "manifest.json"
DUMP = "database.dump"
CHUNK = 1 << 20


@dataclass(frozen=True)
class Made:
    """A finished archive."""

    path: Path
    size: int
    checksum: str


def backup(target: Path | None = None) -> Made:
    """Write the archive completely or not at all; readable for its owner only. Raises Stop."""
    folder = ensure_folder()
    stamp = now().strftime("%Y%m%d-%H%M%S")
    target = (target or folder / "backups" / f"guantong-{stamp}.tar").absolute()
    if target.exists():
        raise Stop(f"{target} exists already.", USAGE)
    draft = target.with_name(f".{target.name}.partial")
    try:
        with tempfile.TemporaryDirectory(prefix="guantong-", dir=target.parent) as scratch:
            dumped = Path(scratch) / DUMP
            dump.save(dumped)
            descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                _write(file, folder, dumped)
                file.flush()
                os.fsync(file.fileno())
        checksum, size = digest(draft), draft.stat().st_size
        draft.replace(target)
    except OSError as fault:
        raise Stop(f"The backup cannot be written to {target.parent}: {fault.strerror}.") from fault
    finally:
        draft.unlink(missing_ok=True)
    return Made(target, size, checksum)


def _write(file: Any, folder: Path, dumped: Path) -> None:
    members = {DUMP: dumped, "secret.key": folder / "secret.key"}
    for path in sorted((folder / "files").rglob("*")):
        if path.is_file() and not path.is_symlink():
            members[f"files/{path.relative_to(folder / 'files').as_posix()}"] = path
    sums = {name: digest(path) for name, path in members.items() if path.exists()}
    head = {"format": FORMAT, "version": version(), "made_at": now().isoformat(), "sha256": sums}
    text = json.dumps(head, indent=1, ensure_ascii=False).encode()
    with tarfile.open(fileobj=file, mode="w|") as tar:
        entry = tarfile.TarInfo(MANIFEST)
        entry.size, entry.mode = len(text), 0o600
        tar.addfile(entry, io.BytesIO(text))
        for name in sums:
            tar.add(members[name], arcname=name, recursive=False)


def restore(source: Path, *, force: bool) -> str | None:
    """Verify, then bring back; returns the name under which the former database is kept. Raises Stop."""
    folder = ensure_folder()
    if not source.is_file():
        raise Stop(f"There is no archive {source}.", USAGE)
    if not force and dump.holds_something():
        raise Stop(
            "The database holds something already: use --force to put the archive in its place.", USAGE
        )
    with tempfile.TemporaryDirectory(prefix="restore-", dir=folder) as scratch:
        place = Path(scratch)
        verify(source, place)
        kept = dump.load(place / DUMP)
        _put_files(place, folder)
    return kept


def verify(source: Path, place: Path) -> dict[str, Any]:
    """Unpack into `place` what the manifest names and check each sum; raises Stop at the first difference."""
    try:
        with tarfile.open(source) as tar:
            first = tar.next()
            head = json.loads(_content(tar, first).read()) if first and first.name == MANIFEST else {}
            if head.get("format") != FORMAT:
                raise Stop(f"{source} is no Guantong backup.", DATABASE)
            sums = dict(head["sha256"])
            while (member := tar.next()) is not None:
                _unpack(tar, member, place, sums)
    except (tarfile.TarError, ValueError, EOFError, KeyError) as fault:
        raise Stop(f"{source} is damaged: {fault}. Nothing was changed.", DATABASE) from fault
    if sums or not (place / DUMP).exists():
        raise Stop(
            f"{source} is not complete: {', '.join(sums) or DUMP} is missing. Nothing was changed.", DATABASE
        )
    return head


def _unpack(tar: tarfile.TarFile, member: tarfile.TarInfo, place: Path, sums: dict[str, str]) -> None:
    wanted = sums.pop(member.name, None)
    path = place / member.name
    if wanted is None or not member.isfile() or not path.resolve().is_relative_to(place.resolve()):
        raise ValueError(f"unexpected member {member.name}")
    path.parent.mkdir(parents=True, exist_ok=True)
    content, found = _content(tar, member), hashlib.sha256()
    with path.open("wb") as file:
        while chunk := content.read(CHUNK):
            found.update(chunk)
            file.write(chunk)
    if found.hexdigest() != wanted:
        raise ValueError(f"the checksum of {member.name} is wrong")


def _content(tar: tarfile.TarFile, member: tarfile.TarInfo) -> Any:
    content = tar.extractfile(member)
    if content is None:
        raise ValueError(f"{member.name} is no file")
    return content


def _put_files(place: Path, folder: Path) -> None:
    """Bring the files and the key to the work folder; what is there and not in the archive stays."""
    for path in sorted((place / "files").rglob("*")):
        if path.is_file():
            target = folder / "files" / path.relative_to(place / "files")
            target.parent.mkdir(parents=True, exist_ok=True)
            path.replace(target)
    key = place / "secret.key"
    if key.exists():
        key.chmod(0o600)
        key.replace(folder / "secret.key")


def digest(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
