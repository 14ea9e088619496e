"""Start an import, or look what it would be: the file is opened at once, so that what cannot work is refused now."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from guantong.base.clock import now
from guantong.base.errors import NotAllowed, NotFound, Refused
from guantong.base.ids import uuid7
from guantong.engine.access.actor import Actor
from guantong.engine.access.grants import may_ever
from guantong.engine.door.read import whoever
from guantong.engine.door.request import Reply, Request
from guantong.engine.door.work import do
from guantong.engine.exchange.cells import plain
from guantong.engine.exchange.guess import guess_columns, knows
from guantong.engine.exchange.options import Options, read_options
from guantong.engine.exchange.plan import Plan
from guantong.engine.exchange.table import Table, open_table
from guantong.engine.exchange.targets import Target, targets_of
from guantong.engine.exchange.tidy import UPLOADS_KEPT
from guantong.engine.exchange.upload import Upload
from guantong.engine.jobs.job import ENDED, Job
from guantong.engine.jobs.submit import submit
from guantong.engine.objects.spec import ObjectSpec
from guantong.engine.states.unit import Unit
from guantong.engine.tenancy.scope import scope

SHOWN = 10


@dataclass(frozen=True)
class File:
    """An uploaded file."""

    name: str
    content: bytes


def look(request: Request, spec: ObjectSpec, file: File, body: Any) -> dict[str, Any]:
    """What a file is: columns with samples, the guessed mapping, encoding, sheet and heading. Raises Invalid."""
    options = read_options(body)
    actor = _importer(request, spec)
    targets = targets_of(spec, actor)
    table = open_table(
        file.content, options.reading, header_row=options.header_row, known=knows(spec, targets)
    )
    guesses = guess_columns(spec, targets, table.columns)
    return {
        "object": spec.plural,
        "encoding": table.source.encoding,
        "delimiter": getattr(table.source, "delimiter", ""),
        "sheet": table.source.sheet,
        "sheets": table.source.sheets,
        "header_row": table.header_row,
        "rows": table.count(),
        "empty_rows": table.empty_rows,
        "empty_columns": table.empty_columns,
        "columns": [
            {"index": c.index, "header": c.header, "samples": list(c.samples),
             **(vars(guesses[c.index]) if c.index in guesses else {"target": None, "confidence": 0, "why": ""})}
            for c in table.columns
        ],
        "sample": [_shown(table, cells) for _, cells in table.head[:SHOWN]],
        "mapping": {str(index): guess.target for index, guess in sorted(guesses.items())},
        "targets": [path for path in targets if path],
        "required": [path for path, target in targets.items() if target.field.required and not target.key_only],
        "keys": [path for path, target in targets.items() if _may_be_key(target)],
    }  # fmt: skip


def begin(request: Request, spec: ObjectSpec, file: File, body: Any) -> Reply:
    """Keep the file and queue the import; 202 with the job. The same idempotency key finds the same job."""
    options = read_options(body)
    actor = _importer(request, spec)
    _must_work(request, spec, file, options, actor)
    digest = hashlib.sha256(file.content).hexdigest()
    request = replace(request, body={"options": body, "file": digest})
    key = f"import/{actor.id}/{request.key}" if request.key else ""
    made: list[Job] = []

    def work(unit: Unit) -> tuple[None, str]:
        id = uuid7()
        arguments = {"object": spec.plural, "options": body, "name": file.name[:255]}
        job, fresh = submit("import", owner=unit.call.actor.id, arguments=arguments, key=key, id=id)
        if fresh:
            Upload.objects.create(tenant=unit.tenant, job=id, name=file.name[:255], content=file.content)
        made.append(job)
        return None, ""

    reply = do(request, spec, work)
    if not made:
        with scope(request.credentials.tenant):
            made.append(Job.objects.get(key=key))
    return replace(reply, text=f'{{"job":"{made[0].id}"}}', status=202)


def begin_undo(request: Request, job: Job, spec: ObjectSpec) -> Reply:
    """Queue the taking back of an import; 202 with the job. Raises Refused."""
    made: list[Job] = []

    def work(unit: Unit) -> tuple[None, str]:
        if job.kind != "import" or job.state not in ENDED or job.result.get("dry_run"):
            raise Refused("nothing_to_undo")
        if job.created_at < now() - UPLOADS_KEPT:
            raise Refused("undo_too_late", days=UPLOADS_KEPT.days)
        tried = Job.objects.filter(
            kind="import_undo", key__startswith=f"undo/{job.id}/", state__in=ENDED
        ).count()
        arguments = {"import": str(job.id), "object": spec.plural}
        made.append(
            submit(
                "import_undo", owner=unit.call.actor.id, arguments=arguments, key=f"undo/{job.id}/{tried}"
            )[0]
        )
        return None, ""

    reply = do(replace(request, key=""), spec, work)  # the job's own key makes it once
    return replace(reply, text=f'{{"job":"{made[0].id}"}}', status=202)


def job_for(tenant: UUID, actor: Actor, id: UUID) -> Job:
    """A job that the actor may see: his own, or any for administrators. Raises NotFound. Needs an open scope."""
    job = Job.objects.filter(id=id).first()
    if job is None or (job.owner != actor.id and "administrator" not in actor.roles):
        raise NotFound("not_found")
    return job


def _importer(request: Request, spec: ObjectSpec) -> Actor:
    with scope(request.credentials.tenant):
        actor = whoever(request)
    if not (may_ever(spec, "create", actor) or may_ever(spec, "write", actor)):
        raise NotAllowed("not_allowed", verb=f"{spec.name}.create")
    return actor


def _must_work(request: Request, spec: ObjectSpec, file: File, options: Options, actor: Actor) -> None:
    targets = targets_of(spec, actor)
    table = open_table(
        file.content, options.reading, header_row=options.header_row, known=knows(spec, targets)
    )
    Plan(spec, actor, table.columns, options, ZoneInfo("UTC"))
    table.count()


def _shown(table: Table, cells: list[Any]) -> list[str]:
    return [plain(cells[c.index])[:200] if c.index < len(cells) else "" for c in table.columns]


def _may_be_key(target: Target) -> bool:
    return not target.line and target.field.kind.name in ("text", "email", "integer", "link", "owner", "date")
