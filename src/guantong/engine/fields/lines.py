"""Lines: the rows of a document. A header and its lines are one record, saved whole with one version."""

from __future__ import annotations

from typing import Any

from django.db import models

from guantong.engine.fields.kind import Kind, View, wrong
from guantong.engine.fields.link import Link
from guantong.engine.fields.spec import FieldSpec

MOST_LINES = 1000


class Lines:
    """Declares `lines = Lines(OrderLine)` on a document: a list of rows in order of `position`.

    Reading the attribute needs a running verb: the unit of work loads the rows under the lock of the header.
    """

    def __init__(self, line: type[models.Model]) -> None:
        self.line = line
        self.name = ""

    def contribute_to_class(self, header: type[models.Model], name: str) -> None:
        self.name = name
        self.line.add_to_class("header", Link(header, editable=False))
        setattr(header, name, self)

    def __get__(self, record: Any, owner: type | None = None) -> Any:
        if record is None:
            return self
        rows = record.__dict__.get("_lines")
        if rows is None:
            rows = record.__dict__["_lines"] = record.load_lines()
        return rows

    def __set__(self, record: Any, rows: list[Any]) -> None:
        for position, row in enumerate(rows, start=1):
            row.position = position
            row.header_id = record.id
            row.__dict__["_state"].fields_cache["header"] = record
        record.__dict__["_lines"] = list(rows)


class LinesKind(Kind):
    name = "lines"
    ops = ()
    sortable = False
    cast = "jsonb"

    def parse(self, value: Any, spec: FieldSpec) -> list[dict[str, Any]]:
        """The shape only; each line's fields are read by the object's own line fields."""
        if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
            raise wrong("not_lines", spec)
        if len(value) > MOST_LINES:
            raise wrong("too_many_lines", spec, limit=MOST_LINES)
        return value

    def sql(self, column: str, spec: FieldSpec, view: View) -> str:
        return view.lines(spec)

    def schema(self, spec: FieldSpec) -> dict[str, Any]:
        return {"type": "array", "maxItems": MOST_LINES, "items": {"type": "object"}}
