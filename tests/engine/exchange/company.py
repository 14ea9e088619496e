"""A tenant with a few people, and the API as one of them; files made on the spot."""

from __future__ import annotations

import io
import json
import os
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from guantong.base.ids import uuid7
from guantong.engine.door.house import as_house
from guantong.engine.jobs.task import run_job
from guantong.engine.org.accounts import add_user, create_organization, issue_token
from guantong.engine.org.team import Team

SHARED = Path(
    os.environ.get("GUANTONG_SHARED_DATA") or Path(__file__).resolve().parents[4] / "shared" / "data"
)


def shared(name: str) -> Path:
    """A file of the shared data; the test is skipped, and says so, where there is none."""
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"no shared data at {path} (GUANTONG_SHARED_DATA)")
    return path


class Company:
    """One tenant of its own for one test."""

    def __init__(self) -> None:
        self.tenant: UUID = create_organization(f"Exchange {uuid7()}").id
        self.clients: dict[str, Client] = {}
        self.users: dict[str, Any] = {}
        self.hire("boss", "administrator", "sales_manager")

    def hire(self, name: str, *roles: str, team: Team | None = None) -> Any:
        """Make a user and a client for him."""
        user = self.users[name] = add_user(self.tenant, None, name, roles, team)
        self.clients[name] = Client(
            SERVER_NAME="localhost", headers={"Authorization": f"Bearer {issue_token(user)}"}
        )
        return user

    def make(self, model: Any, **facts: Any) -> Any:
        """Make a record as the house."""
        return as_house(self.tenant, lambda unit: unit.create(model, **facts))

    def get(self, path: str, who: str = "boss", status: int = 200, **headers: str) -> Any:
        """GET; the JSON, or the raw bytes of a file."""
        reply = self.clients[who].get(f"/api/{path}", headers=headers)
        raw = b"".join(reply.streaming_content) if reply.streaming else reply.content
        assert reply.status_code == status, raw.decode("utf-8", "replace")[:2000]
        return json.loads(raw) if "json" in reply["Content-Type"] else raw

    def post(self, path: str, body: Any = None, who: str = "boss", status: int = 200, **headers: str) -> Any:
        """POST JSON."""
        reply = self.clients[who].post(
            f"/api/{path}", json.dumps(body or {}), content_type="application/json", headers=headers
        )
        assert reply.status_code == status, reply.content.decode()[:2000]
        return json.loads(reply.content)

    def upload(
        self,
        path: str,
        content: bytes,
        who: str = "boss",
        status: int = 202,
        name: str = "f.csv",
        once: str = "",
        **options: Any,
    ) -> Any:
        """POST a file with options."""
        body = {"file": SimpleUploadedFile(name, content), "options": json.dumps(options)}
        headers = {"Idempotency-Key": once} if once else {}
        reply = self.clients[who].post(f"/api/{path}", body, headers=headers)
        assert reply.status_code == status, reply.content.decode()[:2000]
        return json.loads(reply.content)

    def run(self, job: str) -> Any:
        """Run a queued job as the worker would, and read it."""
        run_job(self.tenant, UUID(job))
        return self.get(f"jobs/{job}")

    def load(self, plural: str, content: bytes, who: str = "boss", **options: Any) -> Any:
        """Import a file to its end; the job."""
        job = self.upload(f"imports/{plural}", content, who=who, **options)["job"]
        run_job(self.tenant, UUID(job))
        return self.get(f"jobs/{job}", who=who) | {"id": job}

    def all(self, plural: str, who: str = "boss", **query: str) -> list[Any]:
        """Every record, page by page."""
        items, cursor = [], ""
        while True:
            params = "&".join(f"{k}={v}" for k, v in {**query, "limit": "200", "cursor": cursor}.items() if v)
            page = self.get(f"records/{plural}?{params}", who=who)
            items += page["items"]
            cursor = page["next"]
            if not cursor:
                return items


def xlsx(*rows: list[Any]) -> bytes:
    """A workbook with these rows."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    sheet, day = book.add_worksheet("表"), book.add_format({"num_format": "yyyy-mm-dd"})
    for number, row in enumerate(rows):
        for column, value in enumerate(row):
            if hasattr(value, "year"):
                sheet.write_datetime(number, column, value, day)
            elif isinstance(value, str):
                sheet.write_string(number, column, value)
            elif value is not None:
                sheet.write(number, column, value)
    book.close()
    return buffer.getvalue()
