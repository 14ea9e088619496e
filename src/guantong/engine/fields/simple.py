"""Yes or no, whole numbers, days, moments, identities and free JSON."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from django.db import models

from guantong.engine.fields.kind import PLAIN, Kind, View, wrong
from guantong.engine.fields.spec import FieldSpec, kind_of

YES = ("true", "yes", "1", "是", "y")
NO = ("false", "no", "0", "否", "n")


class BooleanKind(Kind):
    name = "boolean"
    ops = PLAIN
    cast = "boolean"

    def parse(self, value: Any, spec: FieldSpec) -> bool:
        if not isinstance(value, bool):
            raise wrong("not_boolean", spec)
        return value

    def parse_text(self, text: str, spec: FieldSpec) -> bool:
        if text.casefold() not in YES + NO:
            raise wrong("not_boolean", spec)
        return text.casefold() in YES

    def schema(self, spec: FieldSpec) -> dict[str, Any]:
        return {"type": "boolean"}

    def sample(self, spec: FieldSpec, seed: int) -> bool:
        return seed % 2 == 0


class IntegerKind(Kind):
    name = "integer"
    cast = "bigint"

    def parse(self, value: Any, spec: FieldSpec) -> int:
        if isinstance(value, bool) or not isinstance(value, int):
            raise wrong("not_integer", spec)
        if abs(value) > 2_147_483_647:
            raise wrong("out_of_range", spec)
        return value

    def parse_text(self, text: str, spec: FieldSpec) -> int:
        if not text.lstrip("-").isascii() or not text.lstrip("-").isdigit() or len(text) > 11:
            raise wrong("not_integer", spec)
        return self.parse(int(text), spec)

    def schema(self, spec: FieldSpec) -> dict[str, Any]:
        return {"type": "integer", "minimum": -2_147_483_647, "maximum": 2_147_483_647}

    def sample(self, spec: FieldSpec, seed: int) -> int:
        return seed + 1


class DateKind(Kind):
    name = "date"
    cast = "date"

    def parse(self, value: Any, spec: FieldSpec) -> date:
        if not isinstance(value, str) or len(value) != 10:
            raise wrong("not_date", spec)
        try:
            day = date.fromisoformat(value)
        except ValueError:
            raise wrong("not_date", spec) from None
        if not 1900 <= day.year <= 2999:
            raise wrong("out_of_range", spec)
        return day

    def parse_text(self, text: str, spec: FieldSpec) -> date:
        for shape in ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日", "%Y%m%d", "%m/%d/%Y"):
            try:
                day = datetime.strptime(text.split(" ")[0].split("T")[0], shape).date()
            except ValueError:
                continue
            return self.parse(day.isoformat(), spec)
        raise wrong("not_date", spec)

    def to_json(self, value: date | None) -> str | None:
        return None if value is None else value.isoformat()

    def schema(self, spec: FieldSpec) -> dict[str, Any]:
        return {"type": "string", "format": "date"}

    def sample(self, spec: FieldSpec, seed: int) -> str:
        return f"2026-03-{seed % 28 + 1:02d}"


class MomentKind(Kind):
    name = "moment"
    cast = "timestamptz"

    def parse(self, value: Any, spec: FieldSpec) -> datetime:
        try:
            moment = datetime.fromisoformat(value)
        except (TypeError, ValueError):
            raise wrong("not_moment", spec) from None
        if moment.tzinfo is None or not 1900 <= moment.year <= 2999:
            raise wrong("not_moment", spec)
        return moment.astimezone(UTC)

    def sql(self, column: str, spec: FieldSpec, view: View) -> str:
        return f"""to_char({column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')"""

    def to_json(self, value: datetime | None) -> str | None:
        return None if value is None else value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")

    def schema(self, spec: FieldSpec) -> dict[str, Any]:
        return {"type": "string", "format": "date-time"}

    def sample(self, spec: FieldSpec, seed: int) -> str:
        return f"2026-03-{seed % 28 + 1:02d}T08:00:00.000000Z"


class IdentityKind(Kind):
    """A UUID that is not a link."""

    name = "id"
    ops = (*PLAIN, "lt", "gt")
    cast = "uuid"

    def parse(self, value: Any, spec: FieldSpec) -> UUID:
        try:
            return UUID(value)
        except (TypeError, ValueError, AttributeError):
            raise wrong("not_id", spec) from None

    def to_json(self, value: UUID | None) -> str | None:
        return None if value is None else str(value)

    def schema(self, spec: FieldSpec) -> dict[str, Any]:
        return {"type": "string", "format": "uuid"}

    def sample(self, spec: FieldSpec, seed: int) -> str:
        return str(UUID(int=seed + 1))


class JsonKind(Kind):
    """Structured facts that no screen edits field by field; never money."""

    name = "json"
    ops = ("empty",)
    sortable = False
    cast = "jsonb"

    def parse(self, value: Any, spec: FieldSpec) -> Any:
        if (
            not isinstance(value, dict | list)
            or len(json.dumps(value)) > 20_000
            or "\\u0000" in json.dumps(value)
        ):
            raise wrong("not_json", spec)
        return value

    def parse_text(self, text: str, spec: FieldSpec) -> Any:
        raise wrong("not_importable", spec)

    def schema(self, spec: FieldSpec) -> dict[str, Any]:
        return {"anyOf": [{"type": "object"}, {"type": "array"}]}

    def sample(self, spec: FieldSpec, seed: int) -> Any:
        return {"sample": str(seed)}


kind_of(models.BooleanField, BooleanKind)
kind_of(models.IntegerField, IntegerKind)
kind_of(models.DateTimeField, MomentKind)
kind_of(models.DateField, DateKind)
kind_of(models.UUIDField, IdentityKind)
kind_of(models.JSONField, JsonKind)
