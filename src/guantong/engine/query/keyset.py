"""Sort orders and the conditions that continue after a row. Every order ends in id."""

from __future__ import annotations

from typing import Any

from guantong.base.errors import Invalid
from guantong.engine.fields.spec import FieldSpec
from guantong.engine.objects.spec import ObjectSpec
from guantong.engine.query.paths import Paths

MOST_KEYS = 3


class Order:
    """`-created_at,name` as SQL. NULLs come last; in the first key they are a segment of their own."""

    def __init__(self, spec: ObjectSpec, paths: Paths, sort: str) -> None:
        words = [word for word in sort.split(",") if word] or ["-created_at"]
        if len(words) > MOST_KEYS:
            raise Invalid("too_many_sort_keys", field="sort", limit=MOST_KEYS)
        self.parts: list[tuple[str, FieldSpec, bool]] = []
        for word in words:
            column, found = paths.column(word.removeprefix("-"))
            if not found.kind.sortable:
                raise Invalid("not_sortable", field=word.removeprefix("-"))
            self.parts.append((column, found, word.startswith("-")))
        down = self.parts[0][2]
        self.parts.append(("r.id", spec.fields["id"], down))
        self.unindexed = [part[1].name for part in self.parts[:1] if not self._indexed(part[1])]
        self.by = ", ".join(
            f"{column} {'DESC' if down else 'ASC'} NULLS LAST" for column, _, down in self.parts
        )
        self.keys = ", ".join(f"({column})::text" for column, _, _ in self.parts)

    @staticmethod
    def _indexed(field: FieldSpec) -> bool:
        return field.indexed or field.name in ("created_at", "id", "number")

    def segments(self, after: list[Any] | None) -> tuple[list[str], list[list[Any]]]:
        """The conditions of the rows with a first key and of those without, and their values."""
        first, spec, _ = self.parts[0]
        nullable = spec.nullable or ("." in first and not first.startswith("r."))
        if after is None:
            return (
                (["TRUE"], [[]]) if not nullable else ([f"{first} IS NOT NULL", f"{first} IS NULL"], [[], []])
            )
        if len(after) != len(self.parts) or not all(key is None or isinstance(key, str) for key in after):
            raise Invalid("bad_cursor", field="cursor")
        if after[0] is None:
            sql, values = self._after(after, start=1)
            return [f"{first} IS NULL AND {sql}"], [values]
        sql, values = self._after(after, start=0)
        if not nullable:
            return [sql], [values]
        return [f"{first} IS NOT NULL AND {sql}", f"{first} IS NULL"], [values, []]

    def _after(self, after: list[Any], start: int) -> tuple[str, list[Any]]:
        """Rows that come after the keys: a > x, or a = x and b > y …, the first key bounding the index."""
        choices, values = [], []
        for last in range(start, len(self.parts)):
            same = []
            for place in range(start, last):
                same.append(f"{self.parts[place][0]} IS NOT DISTINCT FROM %s::{self._cast(place)}")
                values.append(after[place])
            column, _, down = self.parts[last]
            if after[last] is None:
                choices.append(" AND ".join([*same, "FALSE"]))
                continue
            values.append(after[last])
            beyond = f"{column} {'<' if down else '>'} %s::{self._cast(last)}"
            choices.append(" AND ".join([*same, f"({beyond} OR {column} IS NULL)" if last else beyond]))
        bound = ""
        if after[start] is not None and start == 0:
            column, _, down = self.parts[0]
            bound = f"{column} {'<=' if down else '>='} %s::{self._cast(0)} AND "
            values.insert(0, after[0])
        return f"({bound}({' OR '.join(f'({choice})' for choice in choices)}))", values

    def _cast(self, place: int) -> str:
        return self.parts[place][1].kind.cast
