"""Attachments: rights of the record, inert content, safe names, quota, one event each."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile

from guantong.engine.files import keeping
from guantong.engine.files.names import clean_name, disposition
from guantong.engine.files.sniff import kind_of_content
from tests.world import World

PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"


@pytest.fixture
def customer(world: World) -> dict:
    return world.as_("王磊").post("customers", {"name": "华为技术有限公司"})


def upload(
    world: World, record: dict, content: bytes = PDF, name: str = "合同.pdf", who: str = "王磊", **more: Any
) -> Any:
    headers = {"Idempotency-Key": more["key"]} if "key" in more else {}
    sent = {"file": SimpleUploadedFile(name, content, content_type=more.get("type", "text/html"))}
    return world.as_(who).client.post(f"/api/records/customers/{record['id']}/files", sent, headers=headers)


def download(world: World, id: str, who: str = "王磊") -> Any:
    return world.as_(who).client.get(f"/api/files/{id}")


def contents(world: World) -> list[Path]:
    folder = Path(settings.MEDIA_ROOT) / world.tenant.hex
    return sorted(path for path in folder.rglob("*") if path.is_file()) if folder.exists() else []


def test_up_and_down_again(world: World, customer: dict):
    made = upload(world, customer)
    assert made.status_code == 201, made.content
    file = made.json()
    assert (file["name"], file["kind"], file["size"]) == ("合同.pdf", "application/pdf", len(PDF))
    event = world.events_of(customer)[-1]
    assert (event.verb, event.arguments["name"], event.arguments["sha256"]) == (
        "attached",
        "合同.pdf",
        file["sha256"],
    )
    answer = download(world, file["id"])
    assert b"".join(answer.streaming_content) == PDF
    assert (
        answer.headers["Content-Disposition"]
        == "attachment; filename=\"file.pdf\"; filename*=UTF-8''%E5%90%88%E5%90%8C.pdf"
    )
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert "no-store" in answer.headers["Cache-Control"]
    listed = world.as_("李娜").get(f"customers/{customer['id']}/files")["items"]
    assert [(item["id"], item["added_by"]["label"]) for item in listed] == [(file["id"], "王磊")]
    (path,) = contents(world)
    assert re.fullmatch(r"[0-9a-f]{32}", path.name), "names are made up"


def test_the_right_of_the_record_is_asked_each_time(world: World, customer: dict):
    file = upload(world, customer).json()
    for caller in (world.as_("周涛"), world.as_("路人"), world.other.as_("赵敏")):
        known, unknown = (
            caller.client.get(f"/api/files/{file['id']}"),
            caller.client.get("/api/files/" + "0" * 8 + file["id"][8:]),
        )
        assert known.status_code == unknown.status_code == 404
        assert known.content == unknown.content, "unknown and forbidden look alike"
        caller.get(f"customers/{customer['id']}/files", status=404)
        assert caller.client.delete(f"/api/files/{file['id']}").status_code == 404
    assert download(world, file["id"], "陈静").status_code == 200
    world.as_("李娜").post(f"customers/{customer['id']}/assign", {"to": world.id_of("周涛")})
    assert download(world, file["id"], "王磊").status_code == 404


def test_who_only_reads_may_not_attach_nor_remove(world: World, customer: dict):
    file = upload(world, customer).json()
    with world.unchanged():
        assert upload(world, customer, who="陈静").status_code == 403
        assert upload(world, customer, who="孙审").status_code == 403
        assert upload(world, customer, who="周涛").status_code == 404
        assert world.as_("陈静").client.delete(f"/api/files/{file['id']}").status_code == 403
    assert len(contents(world)) == 1, "a refused upload leaves no content behind"


def test_nobody_unknown_uploads(world: World, customer: dict):
    sent = {"file": SimpleUploadedFile("a.pdf", PDF)}
    address = f"/api/records/customers/{customer['id']}/files"
    assert (
        world.as_("王磊").client.post(address, sent, headers={"Authorization": "Bearer gt_x"}).status_code
        == 401
    )
    assert world.as_("王磊").client.post(address, {"other": "x"}).json()["code"] == "one_file"
    assert (
        world.as_("王磊").post(f"customers/{customer['id']}/files", {"file": "x"}, status=422)["code"]
        == "not_multipart"
    )


def test_removing_takes_row_and_content_and_is_an_event(world: World, customer: dict):
    file = upload(world, customer).json()
    assert world.as_("王磊").client.delete(f"/api/files/{file['id']}").status_code == 200
    assert download(world, file["id"]).status_code == 404
    assert contents(world) == []
    assert world.events_of(customer)[-1].verb == "detached"
    told = world.as_("王磊").get(f"customers/{customer['id']}/events")["items"][0]
    assert (told["label"], told["file"]["name"]) == ("删除附件", "合同.pdf")


def test_a_key_uploads_once(world: World, customer: dict):
    first, second = upload(world, customer, key="k"), upload(world, customer, key="k")
    assert first.json()["id"] == second.json()["id"]
    assert len(contents(world)) == 1
    assert upload(world, customer, content=PDF + b"x", key="k").status_code == 422


def test_limits(world: World, customer: dict, monkeypatch: pytest.MonkeyPatch):
    assert upload(world, customer, content=b"").json()["code"] == "attachment_empty"
    monkeypatch.setattr("guantong.engine.files.receive.LARGEST", 3 * 2**20)
    monkeypatch.setattr(keeping, "LARGEST", 3 * 2**20)
    for size in (3 * 2**20 + 1, 9 * 2**20):  # stopped while reading, and refused by its length
        refused = upload(world, customer, content=PDF + b"x" * size)
        assert (refused.status_code, refused.json()["code"]) == (422, "attachment_too_large")
    assert upload(world, customer, content=PDF + b"x" * (3 * 2**20 - len(PDF))).status_code == 201
    monkeypatch.setattr(settings, "GUANTONG_FILES_QUOTA", 3 * 2**20 + 10, raising=False)
    refused = upload(world, customer)
    assert (refused.status_code, refused.json()["code"]) == (409, "files_quota")
    assert len(contents(world)) == 1


def zipped(*names: str) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return kept.getvalue()


@pytest.mark.parametrize(
    ("content", "name", "kind"),
    [
        (PDF, "x.html", "application/pdf"),
        (b"\x89PNG\r\n\x1a\nrest", "a.svg", "image/png"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "a.webp", "image/webp"),
        (b"XXXX\x00\x00\x00\x00WEBPVP8 ", "a.webp", "application/octet-stream"),
        (
            zipped("[Content_Types].xml"),
            "报价.xlsx",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        ),
        (zipped("a"), "a.zip", "application/zip"),
        ("编号,名称\n1,华为".encode("gb18030"), "客户.csv", "text/csv"),
        ("编号,名称\n1,华为".encode(), "客户.csv", "text/csv"),
        (b"<html><script>alert(1)</script>", "a.txt", "application/octet-stream"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "a.csv", "application/octet-stream"),
        (b"\xef\xbb\xbf  <?xml version='1.0'?><a/>", "a.txt", "application/octet-stream"),
        (b"hello <SCRIPT>alert(1)</SCRIPT>", "a.txt", "application/octet-stream"),
        (b"#!/bin/sh\nrm -rf /", "a.txt", "application/octet-stream"),
        (b"alert(1)", "a.js", "application/octet-stream"),
        (b"MZ\x90\x00", "合同.pdf.exe", "application/octet-stream"),
        (b"\x00\x01\x02", "a.txt", "application/octet-stream"),
    ],
)
def test_the_kind_is_what_the_bytes_say(content: bytes, name: str, kind: str):
    assert kind_of_content(content, name) == kind


def test_a_page_with_a_script_comes_back_inert(world: World, customer: dict):
    file = upload(
        world, customer, content=b"<svg onload=alert(1)>", name="logo.svg", type="image/svg+xml"
    ).json()
    answer = download(world, file["id"])
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith("attachment;")


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\temp\\合同.pdf", "合同.pdf"),
        ("a\x00b.pHaR", "ab.pHaR"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        ("...", "file"),
        ("", "file"),
        ('a"\r\nX: y.pdf', "a_X_ y.pdf"),
        ("é" * 300 + ".pdf", "é" * 146 + ".pdf"),
    ],
)
def test_names_neither_escape_nor_mislead(name: str, kept: str):
    assert clean_name(name) == kept


def test_a_disposition_is_one_header_line():
    for name in ('a"b.pdf', "中文.pdf", "a;b=c.pdf", "%0d%0aX.pdf"):
        text = disposition(clean_name(name))
        assert text.isascii() and "\n" not in text and text.count('"') == 2
