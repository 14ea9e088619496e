"""Records as a spreadsheet: read page by page through the query room, with the rights of the list."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import structlog

from guantong.base.errors import Invalid, NotAllowed, Refused
from guantong.engine.access.actor import Actor
from guantong.engine.access.grants import hidden_fields, may_ever
from guantong.engine.door.read import listing, whoever
from guantong.engine.door.request import Request
from guantong.engine.exchange.cells import NUMBERS
from guantong.engine.exchange.limits import EXPORT_ROWS
from guantong.engine.fields.spec import FieldSpec
from guantong.engine.objects.labels import field_label, line_label
from guantong.engine.objects.spec import ObjectSpec
from guantong.engine.query.listing import MOST_ROWS, Page
from guantong.engine.tenancy.scope import scope

log = structlog.get_logger()
NOTICED = 10_000  # from here on an export is worth a line in the log (trust.md X3)
NEVER = ("json",)


@dataclass(frozen=True)
class ExportColumn:
    """One column: a field of the record, or of its lines (one row for each line then)."""

    path: str
    heading: str
    field: FieldSpec
    line: bool = False

    @property
    def numeric(self) -> bool:
        return self.field.kind.name in NUMBERS


class Export:
    """One export: what it reads, and its rows. Every page is read in a transaction of its own, rights and all."""

    def __init__(self, request: Request, spec: ObjectSpec, page: Page, language: str) -> None:
        self.request, self.spec = request, spec
        with scope(request.credentials.tenant):
            actor = whoever(request)
        if not may_ever(spec, "read", actor):
            raise NotAllowed("not_allowed", verb=f"{spec.name}.read")
        self.columns = _columns(spec, actor, page.fields, language)
        fields = dict.fromkeys(spec.lines_name if column.line else column.path for column in self.columns)
        self.page = replace(page, fields=tuple(fields), limit=MOST_ROWS, cursor="", count="none")
        self.first = json.loads(listing(request, spec, replace(self.page, count="estimate")).text)
        if self.first["count"] >= EXPORT_ROWS:
            raise Refused("export_too_large", limit=EXPORT_ROWS)
        if self.first["count"] >= NOTICED:
            log.warning("large export", object=spec.plural, rows=self.first["count"], user=str(actor.id))

    @property
    def headings(self) -> list[str]:
        return [column.heading for column in self.columns]

    @property
    def numeric(self) -> frozenset[int]:
        return frozenset(place for place, column in enumerate(self.columns) if column.numeric)

    def rows(self) -> Iterator[list[Any]]:
        """Cells, page after page."""
        page = self.first
        while True:
            for item in page["items"]:
                yield from self._rows_of(item)
            if not page["next"]:
                return
            page = json.loads(listing(self.request, self.spec, replace(self.page, cursor=page["next"])).text)

    def _rows_of(self, item: dict[str, Any]) -> Iterator[list[Any]]:
        lines = item.get(self.spec.lines_name) if any(column.line for column in self.columns) else None
        for line in lines or [{}]:
            yield [
                _value((line if column.line else item).get(column.field.name), column.field)
                for column in self.columns
            ]


def _columns(
    spec: ObjectSpec, actor: Actor, asked: tuple[str, ...] | None, language: str
) -> list[ExportColumn]:
    """The asked fields, else number, every field that people write, and the state. Raises Invalid."""
    hidden = hidden_fields(spec, actor)
    names = list(asked or _usual(spec))
    if spec.lines_name in names:
        place = names.index(spec.lines_name)
        lines = [f"{spec.lines_name}.{field.name}" for field in spec.line_fields.values() if field.writable]
        names[place : place + 1] = lines
    found = []
    for name in dict.fromkeys(names):
        head, _, tail = name.partition(".")
        line = bool(tail) and head == spec.lines_name
        field = spec.line_fields.get(tail) if line else spec.fields.get(name)
        if field is None or field.name in hidden:
            if asked is None:
                continue
            raise Invalid("unknown_field", field=name[:100], object=spec.plural)
        heading = line_label(spec, tail, language) if line else field_label(spec, name, language)
        found.append(ExportColumn(name, heading, field, line))
    return _told_apart(found)


def _usual(spec: ObjectSpec) -> list[str]:
    written = [f.name for f in spec.fields.values() if f.writable and f.kind.name not in (*NEVER, "lines")]
    return ["number", *written, *(["state"] if "state" in spec.fields else [])]


def _told_apart(columns: list[ExportColumn]) -> list[ExportColumn]:
    """Headings that stand twice get the field's name behind."""
    headings = [column.heading for column in columns]
    return [
        replace(column, heading=f"{column.heading} ({column.path})")
        if headings.count(column.heading) > 1
        else column
        for column in columns
    ]


def _value(value: Any, field: FieldSpec) -> Any:
    """A JSON value as a cell; a day becomes a day."""
    if isinstance(value, dict):
        return value.get("label") if set(value) == {"id", "label"} else json.dumps(value, ensure_ascii=False)
    if isinstance(value, list):
        return (
            ",".join(map(str, value))
            if all(isinstance(v, str) for v in value)
            else json.dumps(value, ensure_ascii=False)
        )
    if value and field.kind.name == "date":
        return date.fromisoformat(value)
    return value
