"""Filters as JSON, compiled to parameterised SQL. Bounded: depth 5, 50 conditions (trust.md L5)."""

from __future__ import annotations

from typing import Any

from guantong.base.errors import Invalid
from guantong.engine.fields.spec import FieldSpec
from guantong.engine.query.paths import Paths

MOST_CONDITIONS = 50
DEEPEST = 5
MOST_VALUES = 500
COMPARE = {"eq": "=", "ne": "IS DISTINCT FROM", "lt": "<", "lte": "<=", "gt": ">", "gte": ">="}


class Filters:
    """Compiles one filter; `values` are its parameters in order, `unindexed` the fields that no index serves."""

    def __init__(self, paths: Paths) -> None:
        self.paths = paths
        self.values: list[Any] = []
        self.count = 0
        self.unindexed: list[str] = []

    def compile(self, node: Any, depth: int = 1) -> str:
        """SQL for a node: {"and": […]}, {"or": […]}, {"not": …} or {"field", "op", "value"}."""
        if not isinstance(node, dict):
            raise Invalid("bad_filter", field="filter")
        if depth > DEEPEST:
            raise Invalid("filter_too_deep", field="filter", limit=DEEPEST)
        if set(node) == {"and"} or set(node) == {"or"}:
            (word, parts), *_ = node.items()
            if not isinstance(parts, list):
                raise Invalid("bad_filter", field="filter")
            if not parts:
                return "TRUE" if word == "and" else "FALSE"
            return "(" + f" {word.upper()} ".join(self.compile(part, depth + 1) for part in parts) + ")"
        if set(node) == {"not"}:
            return f"NOT coalesce({self.compile(node['not'], depth + 1)}, FALSE)"
        if not {"field", "op"} <= set(node) <= {"field", "op", "value"}:
            raise Invalid("bad_filter", field="filter")
        return self._condition(node["field"], node["op"], node.get("value"))

    def _condition(self, path: Any, op: Any, value: Any) -> str:
        self.count += 1
        if self.count > MOST_CONDITIONS:
            raise Invalid("too_many_conditions", field="filter", limit=MOST_CONDITIONS)
        column, spec = self.paths.column(path)
        if not isinstance(op, str) or op not in spec.kind.ops:
            raise Invalid("bad_operator", field=str(path), op=str(op)[:20], ops=", ".join(spec.kind.ops))
        if not spec.indexed:
            self.unindexed.append(str(path))
        if op == "empty":
            return self._empty(column, spec, value)
        if op in ("contains", "starts"):
            return self._like(column, spec, op, value)
        if op in ("in", "between"):
            return self._several(column, spec, op, value)
        if value is None:
            raise Invalid("required", field=str(path))
        return f"{column} {COMPARE[op]} {self._value(spec, value)}"

    def _empty(self, column: str, spec: FieldSpec, value: Any) -> str:
        if not isinstance(value, bool):
            raise Invalid("not_boolean", field=spec.name)
        blank = (
            f" OR {column}::text IN ('', '{{}}', '[]')"
            if spec.kind.cast in ("text", "text[]", "jsonb")
            else ""
        )
        sql = f"({column} IS NULL{blank})"
        return sql if value else f"NOT {sql}"

    def _like(self, column: str, spec: FieldSpec, op: str, value: Any) -> str:
        if not isinstance(value, str) or not value or len(value) > 200 or "\x00" in value:
            raise Invalid("not_text", field=spec.name)
        if spec.kind.cast == "text[]":
            self.values.append([value])
            return f"{column}::text[] @> %s::text[]"
        escaped = value.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        self.values.append(f"%{escaped}%" if op == "contains" else f"{escaped}%")
        return f"{column} ILIKE %s"

    def _several(self, column: str, spec: FieldSpec, op: str, value: Any) -> str:
        if not isinstance(value, list) or not 1 <= len(value) <= MOST_VALUES:
            raise Invalid("not_a_list", field=spec.name, limit=MOST_VALUES)
        if op == "in":
            self.values.append([spec.kind.parse(part, spec) for part in value])
            return f"{column} = ANY(%s::{spec.kind.cast}[])"
        if len(value) != 2:
            raise Invalid("between_needs_two", field=spec.name)
        return f"{column} BETWEEN {self._value(spec, value[0])} AND {self._value(spec, value[1])}"

    def _value(self, spec: FieldSpec, value: Any) -> str:
        self.values.append(spec.kind.parse(value, spec))
        return f"%s::{spec.kind.cast}"
