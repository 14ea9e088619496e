"""Text: one line or many. Control characters and half characters are refused at the door."""

from __future__ import annotations

import unicodedata
from typing import Any

from django.db import models

from guantong.base.identity import email
from guantong.engine.fields.choice import ChoiceKind
from guantong.engine.fields.kind import Kind, wrong
from guantong.engine.fields.spec import FieldSpec, kind_of

LONGEST = 100_000
ALLOWED_CONTROLS = "\n\r\t"


def clean_text(value: Any, spec: FieldSpec) -> str:
    """`value` as stored text; raises Invalid for other types, NUL, control characters, lone surrogates."""
    if not isinstance(value, str):
        raise wrong("not_text", spec)
    for char in value:
        if unicodedata.category(char) in ("Cc", "Cs") and char not in ALLOWED_CONTROLS:
            raise wrong("bad_character", spec, character=f"U+{ord(char):04X}")
    limit = spec.max_length or LONGEST
    if len(value) > limit:
        raise wrong("too_long", spec, limit=limit)
    return value


class TextKind(Kind):
    name = "text"
    ops = ("eq", "ne", "in", "contains", "starts", "empty", "lt", "lte", "gt", "gte", "between")

    def parse(self, value: Any, spec: FieldSpec) -> str:
        text = clean_text(value, spec)
        return text.strip() if spec.max_length else text

    def schema(self, spec: FieldSpec) -> dict[str, Any]:
        return {"type": "string", **({"maxLength": spec.max_length} if spec.max_length else {})}

    def sample(self, spec: FieldSpec, seed: int) -> str:
        return f"样本{seed}"[: spec.max_length or LONGEST]


class LongTextKind(TextKind):
    name = "long_text"
    sortable = False


class EmailKind(TextKind):
    name = "email"

    def parse(self, value: Any, spec: FieldSpec) -> str:
        return email(clean_text(value, spec), field=spec.name)

    def schema(self, spec: FieldSpec) -> dict[str, Any]:
        return {"type": "string", "format": "email", "maxLength": spec.max_length or 254}

    def sample(self, spec: FieldSpec, seed: int) -> str:
        return f"sample{seed}@example.com"


kind_of(models.CharField, lambda source: ChoiceKind() if source.choices else TextKind())
kind_of(models.EmailField, EmailKind)
kind_of(models.TextField, LongTextKind)
