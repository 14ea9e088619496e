"""Where the shared data lies, and what every test with real data needs: files in, jobs run, all pages out."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from guantong.engine.jobs.task import run_job

if TYPE_CHECKING:
    from tests.world import World

ROOT = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get("GUANTONG_SHARED_DATA") or ROOT.parent / "shared" / "data")
Record = dict[str, Any]


def needs(folder: str) -> Any:
    """Skip, and say why, where the folder is absent."""
    reason = f"no {SHARED / folder}: set GUANTONG_SHARED_DATA"
    return pytest.mark.skipif(not (SHARED / folder).is_dir(), reason=reason)


def portions(rows: list[Any], size: int) -> Iterator[list[Any]]:
    """The rows in portions."""
    for start in range(0, len(rows), size):
        yield rows[start : start + size]


def made(world: World, who: str, plural: str, rows: list[Record], *, size: int = 100) -> list[str]:
    """Records made in batches, each all or nothing; their ids in the order of the rows."""
    found: list[str] = []
    for portion in portions(rows, size):
        reply = world.as_(who).post(f"{plural}/batch", {"create": portion})
        found += [item["id"] for item in reply["items"]]
    return found


def every(world: World, who: str, plural: str, **query: Any) -> list[Record]:
    """All records that somebody sees, page by page."""
    items, cursor = [], ""
    while True:
        page = world.as_(who).get(plural, limit=200, **query, **({"cursor": cursor} if cursor else {}))
        items += page["items"]
        cursor = page["next"]
        if not cursor:
            return items


def imported(
    world: World, who: str, plural: str, content: bytes, *, name: str = "f.csv", **options: Any
) -> Record:
    """A file imported to its end, as the worker would do it; the job."""
    client = world.as_(who).client
    body = {"file": SimpleUploadedFile(name, content), "options": json.dumps(options)}
    reply = client.post(f"/api/imports/{plural}", body)
    assert reply.status_code == 202, reply.content.decode()[:2000]
    job = json.loads(reply.content)["job"]
    run_job(world.tenant, UUID(job))
    return {**world.as_(who).get(f"/jobs/{job}"), "job": job}


def refused_rows(world: World, who: str, job: str) -> str:
    """The file of errors of an import, as text."""
    reply = world.as_(who).client.get(f"/api/imports/{job}/errors")
    assert reply.status_code == 200
    return b"".join(reply.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
