"""Choice: one of a few lower-case words that are never renamed."""

from __future__ import annotations

from typing import Any

from django.db import models

from guantong.engine.fields.kind import PLAIN, Kind, wrong
from guantong.engine.fields.spec import FieldSpec, kind_of


class Choice(models.CharField):
    """A CharField over a TextChoices; migrations carry no choices (house.md 4)."""

    def __init__(self, choices: type[models.TextChoices] | None = None, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 30)
        super().__init__(choices=choices.choices if choices else None, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("choices", None)
        return name, path, args, kwargs


class ChoiceKind(Kind):
    name = "choice"
    ops = PLAIN

    def parse(self, value: Any, spec: FieldSpec) -> str:
        if not isinstance(value, str) or value not in spec.choices:
            raise wrong("not_a_choice", spec, choices=", ".join(spec.choices))
        return value

    def schema(self, spec: FieldSpec) -> dict[str, Any]:
        return {"type": "string", "enum": list(spec.choices) + ([] if spec.required else [""])}

    def sample(self, spec: FieldSpec, seed: int) -> str:
        return spec.choices[seed % len(spec.choices)]


kind_of(Choice, ChoiceKind)
