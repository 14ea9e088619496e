"""Imports, exports and jobs over HTTP: files in and out, everything else is JSON like the rest of the API."""

from __future__ import annotations

import json
from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponseBase, StreamingHttpResponse

from guantong.base.clock import now
from guantong.base.errors import Invalid, Refused
from guantong.base.ids import uuid7
from guantong.engine.access.actor import Actor
from guantong.engine.api.asking import credentials_of, key_of, language_of, request_of
from guantong.engine.api.body import read_json
from guantong.engine.api.views import page_of
from guantong.engine.door import read
from guantong.engine.door.request import Reply, Request
from guantong.engine.exchange.errors_file import ErrorsFile, sentence
from guantong.engine.exchange.export import Export
from guantong.engine.exchange.limits import SIZE
from guantong.engine.exchange.start import File, begin, begin_undo, job_for, look
from guantong.engine.exchange.writer import FORMATS, TYPES, csv_pieces, xlsx_file
from guantong.engine.files.receive import expect_upload, take_upload
from guantong.engine.jobs.job import ENDED, Job
from guantong.engine.objects.labels import label, message
from guantong.engine.objects.registry import object_called
from guantong.engine.tenancy.scope import scope

RECENT = 20


def begin_import(http: HttpRequest, plural: str) -> Reply:
    """Import a file (multipart: `file`, `options` as JSON); 202 with the job."""
    request, file, options = _uploaded(http)
    return begin(request, object_called(plural), file, options)


def guess_import(http: HttpRequest, plural: str) -> Reply:
    """Look what a file is: columns with samples, the guessed mapping, encoding and heading."""
    request, file, options = _uploaded(http)
    return Reply(text=json.dumps(look(request, object_called(plural), file, options), ensure_ascii=False))


def import_errors(http: HttpRequest, job: str) -> HttpResponseBase:
    """Fetch the rows that were not imported, as they came, with the reason."""
    request, form = _reading(http), _format(http)
    with scope(request.credentials.tenant):
        actor = read.whoever(request)
        table = ErrorsFile(_job(actor, job, "import"), actor, language_of(http))
    return _file(form, table.headings, table.rows(), frozenset(), "errors")


def undo_import(http: HttpRequest, job: str) -> Reply:
    """Take back what an import wrote and nobody has touched since; 202 with the job."""
    request = request_of(http)
    with scope(request.credentials.tenant):
        found = _job(read.whoever(request), job, "import")
    return begin_undo(request, found, object_called(found.arguments["object"]))


def export(http: HttpRequest, plural: str) -> HttpResponseBase:
    """Export records as CSV or XLSX (`format`), with the rights, filter and order of the list."""
    request, form = _reading(http), _format(http)
    http.GET = http.GET.copy()  # type: ignore[assignment]
    http.GET.pop("format", None)  # type: ignore[attr-defined]
    if found := {"limit", "cursor", "count", "group", "measure"} & set(http.GET):
        raise Invalid("unknown_parameter", field=sorted(found)[0])
    out = Export(request, object_called(plural), page_of(http), language_of(http))
    return _file(form, out.headings, out.rows(), out.numeric, plural)


def fetch_job(http: HttpRequest, id: str) -> Reply:
    """Fetch a job: state, progress, result."""
    request = _reading(http)
    with scope(request.credentials.tenant):
        found = _job(read.whoever(request), id)
    return Reply(text=json.dumps(_described(found, language_of(http)), ensure_ascii=False))


def list_jobs(http: HttpRequest) -> Reply:
    """List the caller's latest jobs."""
    request = _reading(http)
    with scope(request.credentials.tenant):
        found = list(Job.objects.filter(owner=read.whoever(request).id).order_by("-created_at")[:RECENT])
    items = [{**job.as_json(), "result": {}} for job in found]
    return Reply(text=json.dumps({"items": items}, ensure_ascii=False))


def stop_job(http: HttpRequest, id: str) -> Reply:
    """Stop a job between two pieces; what is done stays done."""
    request = request_of(http)
    with scope(request.credentials.tenant):
        found = _job(read.whoever(request), id)
        if found.state in ENDED:
            raise Refused("job_ended")
        fields: dict[str, Any] = {"stop_asked": True}
        if found.state == "queued":
            fields |= {"state": "stopped", "ended_at": now()}
        Job.objects.filter(id=found.id, state=found.state).update(**fields)
        found.refresh_from_db()
    return Reply(text=json.dumps(_described(found, language_of(http)), ensure_ascii=False))


def _uploaded(http: HttpRequest) -> tuple[Request, File, Any]:
    """Who asks, the file and the options of a multipart body. Raises Malformed, Invalid."""
    cap = expect_upload(http)
    credentials = credentials_of(http)
    upload = take_upload(http, cap)
    if (upload.size or 0) > SIZE:
        raise Invalid("file_too_large", field="file", limit=SIZE // 2**20)
    if unknown := sorted(set(http.POST) - {"options", "csrfmiddlewaretoken"}):
        raise Invalid("unknown_field", field=unknown[0][:60], object="imports")
    options = read_json(http.POST.get("options", "{}").encode(), "application/json")
    request = Request(
        credentials=credentials, route=f"POST {http.path}", key=key_of(http), request=uuid7().hex
    )
    return request, File(str(upload.name or "file"), upload.read()), options


def _reading(http: HttpRequest) -> Request:
    return Request(credentials=credentials_of(http), route=f"GET {http.path}", request=uuid7().hex)


def _job(actor: Actor, id: str, kind: str = "") -> Job:
    job = job_for(actor.tenant, actor, read.identity(id))
    if kind and job.kind != kind:
        raise Invalid("not_an_import", field="job")
    return job


def _format(http: HttpRequest) -> str:
    form = http.GET.get("format", "csv")
    if form not in FORMATS:
        raise Invalid("not_a_choice", field="format", choices=", ".join(FORMATS))
    return form


def _file(form: str, headings: list[str], rows: Any, numeric: frozenset[int], name: str) -> HttpResponseBase:
    response: Any
    if form == "csv":
        response = StreamingHttpResponse(csv_pieces(headings, rows, numeric), content_type=TYPES[form])
    else:
        response = FileResponse(xlsx_file(headings, rows, numeric), content_type=TYPES[form])
    response["Content-Disposition"] = f'attachment; filename="{name}-{now():%Y%m%d-%H%M}.{form}"'
    response["Cache-Control"] = "no-store"
    return response


def _described(job: Job, language: str) -> dict[str, Any]:
    """A job with its words in the caller's language."""
    found = job.as_json()
    found["title"] = label(f"job.kind.{job.kind}", language)
    if job.error:
        found["error"] = {
            **job.error,
            "title": message(job.error["code"], language, {"field": "", **job.error.get("params", {})}),
        }
    if problems := job.result.get("problems"):
        spec = object_called(job.arguments["object"])
        found["result"] = {
            **job.result,
            "problems": [{**one, "title": sentence(spec, one, language)} for one in problems],
        }
    return found
