"""Files of records: upload, list, download, remove."""

from __future__ import annotations

from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponseBase

from guantong.base.errors import NotFound
from guantong.base.ids import uuid7
from guantong.engine.access.actor import Actor
from guantong.engine.api.asking import credentials_of, key_of, request_of
from guantong.engine.door.read import identity, must_read, whoever
from guantong.engine.door.request import Reply, Request
from guantong.engine.door.work import do
from guantong.engine.files.file import File, attach, detach, files_of
from guantong.engine.files.keeping import drop, keep, measure, storage
from guantong.engine.files.names import disposition
from guantong.engine.files.receive import expect_upload, take_upload
from guantong.engine.objects.registry import by_name, object_called
from guantong.engine.objects.spec import ObjectSpec
from guantong.engine.tenancy.scope import scope

SAFE_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
    "Cache-Control": "private, no-store",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def list_files(http: HttpRequest, plural: str, id: str) -> Reply:
    """List the files of a record, newest first."""
    request, spec = request_of(http), object_called(plural)
    with scope(request.credentials.tenant):
        return Reply(text=files_of(spec, whoever(request), identity(id)))


def add_file(http: HttpRequest, plural: str, id: str) -> Reply:
    """Attach a file (multipart/form-data, one part called `file`, at most 50 MB)."""
    spec, record, cap = object_called(plural), identity(id), expect_upload(http)
    credentials = credentials_of(http)
    asking = Request(credentials=credentials, route=f"{http.method} {http.path}")
    with scope(credentials.tenant):  # nobody unknown gets to fill the disk
        must_read(spec, whoever(asking), record)
    upload = take_upload(http, cap)
    kept = measure(credentials.tenant, upload)
    request = Request(
        credentials=credentials,
        route=asking.route,
        body={"name": kept.name, "sha256": kept.sha256},
        key=key_of(http),
        request=uuid7().hex,
    )
    keep(kept, upload)
    try:
        reply = do(request, spec, lambda unit: (attach(unit, spec, record, kept), ""))
    except BaseException:
        drop(kept.place)
        raise
    if reply.replayed:
        drop(kept.place)
    return Reply(**{**vars(reply), "status": 201})


def download(http: HttpRequest, id: str) -> HttpResponseBase:
    """Download a file. Always as an attachment; who may read the record may."""
    request = request_of(http)
    with scope(request.credentials.tenant):
        file, _ = _readable_file(whoever(request), identity(id))
    try:
        content = storage().open(file.place, "rb")
    except OSError:
        raise NotFound("attachment_lost", id=id) from None
    response = FileResponse(content, content_type=file.kind)
    response["Content-Disposition"] = disposition(file.name)
    response["Content-Length"] = str(file.size)
    response["ETag"] = f'"{file.sha256}"'
    for name, value in SAFE_HEADERS.items():
        response[name] = value
    return response


def remove_file(http: HttpRequest, id: str) -> Reply:
    """Remove a file, content included; the record must be open for writing."""
    request = request_of(http)
    with scope(request.credentials.tenant):
        file, spec = _readable_file(whoever(request), identity(id))
    return do(request, spec, lambda unit: (detach(unit, spec, file), ""))


def _readable_file(actor: Actor, id: UUID) -> tuple[File, ObjectSpec]:
    """A file of a record that the actor may read; unknown and forbidden look alike. Raises NotFound."""
    file = File.objects.filter(id=id).first()
    spec = by_name().get(file.object) if file else None
    if file is None or spec is None:
        raise NotFound("not_found")
    try:
        must_read(spec, actor, file.record)
    except NotFound:
        raise NotFound("not_found") from None
    return file, spec
