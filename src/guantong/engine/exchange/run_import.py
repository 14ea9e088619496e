"""The job `import`: from the kept file to records, chunk by chunk; killed and started again it goes on."""

from __future__ import annotations

from uuid import UUID
from zoneinfo import ZoneInfo

from guantong.base.errors import Refused
from guantong.engine.access.asking import Credentials, identify
from guantong.engine.exchange.chunk import ChunkWriter, Overtaken, chunk_of
from guantong.engine.exchange.counts import counts_of
from guantong.engine.exchange.guess import knows
from guantong.engine.exchange.options import Options, read_options
from guantong.engine.exchange.plan import Plan
from guantong.engine.exchange.table import Table, open_table
from guantong.engine.exchange.targets import targets_of
from guantong.engine.exchange.upload import ImportChunk, Upload
from guantong.engine.exchange.verdict import Verdict
from guantong.engine.exchange.work import ImportWork, chunks
from guantong.engine.jobs.job import Job
from guantong.engine.jobs.task import task
from guantong.engine.objects.registry import object_called
from guantong.engine.tenancy.organization import Organization
from guantong.engine.tenancy.scope import scope


@task("import")
def run_import(tenant: UUID, job: UUID) -> None:
    """Import a file to its end. Raises what ends the job."""
    with scope(tenant):
        asked = Job.objects.get(id=job)
        content = bytes(Upload.objects.get(job=job).content)
        actor, _ = identify(Credentials(tenant=tenant, user=asked.owner))
        zone = ZoneInfo(Organization.objects.get(id=tenant).timezone)
        done = ImportChunk.objects.filter(job=job).order_by("-last").values_list("last", flat=True).first()
    options = read_options(asked.arguments["options"])
    spec = object_called(asked.arguments["object"])
    targets = targets_of(spec, actor)
    table = open_table(content, options.reading, header_row=options.header_row, known=knows(spec, targets))
    plan = Plan(spec, actor, table.columns, options, zone)
    total = table.count()
    with scope(tenant):
        Job.objects.filter(id=job).update(total=total)
    work = ImportWork(tenant, job, asked.owner, plan, trial=options.dry_run)
    try:
        if options.on_error == "stop" and not options.dry_run and done is None:
            _must_be_clean(work, table)
        _write_all(work, table, options, -1 if done is None else done)
    except Overtaken:
        return
    finally:
        with scope(tenant):
            Job.objects.filter(id=job).update(result=_result(job, table, plan, options))


def _write_all(work: ImportWork, table: Table, options: Options, done: int) -> None:
    writer = ChunkWriter(work, lambda verdicts: None, trial=options.dry_run)
    entries = work.plan.entries(table.rows())
    for portion in chunks(entries, work.plan):
        left = [entry for entry in portion if entry.place > done]
        writer.rows_done += sum(len(entry.rows) for entry in portion) - sum(len(entry.rows) for entry in left)
        if left:
            writer.write(left)


def _must_be_clean(work: ImportWork, table: Table) -> None:
    """Try everything first; one bad row and nothing is written. Raises Refused: import_stopped."""
    trial = ImportWork(work.tenant, work.job, work.user, work.plan, trial=True)
    pieces: list[list[Verdict]] = []
    writer = ChunkWriter(trial, pieces.append, trial=True, keep=False)
    for portion in chunks(trial.plan.entries(table.rows()), trial.plan):
        writer.write(portion)
    bad = sum(len(verdict.rows) for piece in pieces for verdict in piece if verdict.word == "refused")
    if not bad:
        return
    for piece in pieces:
        for verdict in piece:
            if verdict.word in ("created", "changed"):
                verdict.word, verdict.record, verdict.event = "skipped", None, None
                verdict.problems = [{"code": "import_stopped", "field": "", "params": {"rows": bad}}]
        with scope(work.tenant):
            chunk_of(work, piece).save(force_insert=True)
    raise Refused("import_stopped", rows=bad)


def _result(job: UUID, table: Table, plan: Plan, options: Options) -> dict[str, object]:
    return {
        **counts_of(job),
        "object": plan.spec.plural,
        "dry_run": options.dry_run,
        "empty_rows": table.empty_rows,
        "empty_columns": table.empty_columns,
        "header_row": table.header_row,
        "encoding": table.source.encoding,
        "sheet": table.source.sheet,
        "mapping": {str(index): target.path for index, target in plan.columns},
    }
