"""Contents in the storage: streamed, hashed, under generated names per tenant; whose they are is not known here."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from uuid import UUID

import structlog
from django.core.files.storage import Storage, storages
from django.core.files.uploadedfile import UploadedFile

from guantong.base.errors import Invalid
from guantong.base.ids import uuid7
from guantong.engine.files.names import clean_name
from guantong.engine.files.sniff import HEAD, kind_of_content

log = structlog.get_logger()
LARGEST = 50 * 2**20


@dataclass(frozen=True, kw_only=True)
class Kept:
    """A content that stands in the storage."""

    id: UUID
    name: str
    kind: str
    size: int
    sha256: str
    place: str


def storage() -> Storage:
    """Where contents stand: a folder, or whatever Django's STORAGES names."""
    return storages["default"]


def measure(tenant: UUID, upload: UploadedFile) -> Kept:
    """What an upload is, before it is kept: one pass over it. Raises Invalid."""
    size, digest, head = 0, hashlib.sha256(), b""
    for chunk in upload.chunks():
        head = head + chunk[: HEAD - len(head)] if len(head) < HEAD else head
        digest.update(chunk)
        size += len(chunk)
    if size == 0:
        raise Invalid("attachment_empty", field="file")
    if size > LARGEST:
        raise Invalid("attachment_too_large", field="file", limit=LARGEST // 2**20)
    id, name = uuid7(), clean_name(upload.name or "")
    return Kept(
        id=id, name=name, kind=kind_of_content(head, name), size=size, sha256=digest.hexdigest(),
        place=f"{tenant.hex}/{id.hex[-2:]}/{id.hex}",
    )  # fmt: skip


def keep(kept: Kept, upload: UploadedFile) -> None:
    """Stream an upload to its place."""
    upload.seek(0)
    found = storage().save(kept.place, upload)
    if found != kept.place:
        storage().delete(found)
        raise FileExistsError(kept.place)


def drop(place: str) -> None:
    """Remove a content; one that cannot be removed is only a file that nobody can reach."""
    try:
        storage().delete(place)
    except OSError as error:
        log.warning("content not removed", place=place, error=repr(error))
