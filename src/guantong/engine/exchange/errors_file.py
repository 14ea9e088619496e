"""The rows that were not written, as they came, with the reason: to be mended and imported again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from guantong.base.errors import NotFound
from guantong.engine.access.actor import Actor
from guantong.engine.exchange.cells import plain
from guantong.engine.exchange.counts import verdicts_of
from guantong.engine.exchange.guess import knows
from guantong.engine.exchange.options import read_options
from guantong.engine.exchange.table import Table, open_table
from guantong.engine.exchange.targets import targets_of
from guantong.engine.exchange.upload import Upload
from guantong.engine.jobs.job import Job
from guantong.engine.objects.labels import field_label, label, line_label, message
from guantong.engine.objects.registry import object_called
from guantong.engine.objects.spec import ObjectSpec

QUIET = ("unchanged",)


class ErrorsFile:
    """The table of one import's failures. Needs an open scope to be made; rows are read from memory."""

    def __init__(self, job: Job, actor: Actor, language: str) -> None:
        upload = Upload.objects.filter(job=job.id).first()
        if upload is None:
            raise NotFound("not_found")
        self.language = language
        self.spec: ObjectSpec = object_called(job.arguments["object"])
        options = read_options(job.arguments["options"])
        self.table: Table = open_table(
            bytes(upload.content),
            options.reading,
            header_row=job.result.get("header_row", options.header_row),
            known=knows(self.spec, targets_of(self.spec, actor)),
        )
        self.reasons = self._reasons(job.id)

    @property
    def headings(self) -> list[str]:
        words = [label("import.row", self.language), label("import.reason", self.language)]
        return [*(column.header for column in self.table.columns), *words]

    def rows(self) -> Iterator[list[Any]]:
        """The failed rows in the order of the file."""
        for number, cells in self.table.rows():
            if number in self.reasons:
                row = [plain(cells[c.index]) if c.index < len(cells) else "" for c in self.table.columns]
                yield [*row, str(number), self.reasons[number]]

    def _reasons(self, job: UUID) -> dict[int, str]:
        found: dict[int, str] = {}
        for verdict in verdicts_of(job):
            problems = [problem for problem in verdict.problems if problem["code"] not in QUIET]
            if verdict.word in ("refused", "skipped") and problems:
                sentences = [sentence(self.spec, problem, self.language) for problem in problems]
                for row in verdict.rows:
                    found[row] = (
                        "；".join(dict.fromkeys(sentences)) if self.language == "zh" else "; ".join(sentences)
                    )
        return found


def sentence(spec: ObjectSpec, problem: dict[str, Any], language: str) -> str:
    """A kept problem in the user's words, with the field's label in front."""
    name = problem["field"]
    words = message(problem["code"], language, {**problem["params"], "field": _field(spec, name, language)})
    return f"{_field(spec, name, language)}: {words}" if name else words


def _field(spec: ObjectSpec, name: str, language: str) -> str:
    head, *_, tail = name.split(".") if "." in name else (name, name)
    if head == spec.lines_name and tail in spec.line_fields:
        return line_label(spec, tail, language)
    return field_label(spec, name, language) if name in spec.fields else name
