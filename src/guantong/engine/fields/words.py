"""Words: a short list of words (roles, tags)."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models

from guantong.engine.fields.kind import Kind, wrong
from guantong.engine.fields.spec import FieldSpec, kind_of
from guantong.engine.fields.text import clean_text


class Words(ArrayField):
    """A list of up to fifty words, none longer than `max_length`."""

    def __init__(self, *, max_length: int = 50, **kwargs: Any) -> None:
        kwargs.pop("base_field", None)
        kwargs.pop("size", None)
        kwargs.setdefault("default", list)
        kwargs.setdefault("blank", True)
        self.word_length = max_length
        super().__init__(models.CharField(max_length=max_length), **kwargs)

    def deconstruct(self) -> Any:
        name, path, _args, kwargs = super().deconstruct()
        kwargs.pop("base_field", None)
        kwargs.pop("size", None)
        kwargs["max_length"] = self.word_length
        return name, path, [], kwargs


class WordsKind(Kind):
    name = "words"
    ops = ("empty", "contains")
    sortable = False
    cast = "text[]"

    def parse(self, value: Any, spec: FieldSpec) -> list[str]:
        if not isinstance(value, list) or len(value) > 50:
            raise wrong("not_words", spec)
        return [clean_text(word, spec) for word in value]

    def parse_text(self, text: str, spec: FieldSpec) -> list[str]:
        return self.parse([word.strip() for word in text.replace("，", ",").split(",") if word.strip()], spec)

    def schema(self, spec: FieldSpec) -> dict[str, Any]:
        return {"type": "array", "items": {"type": "string"}, "maxItems": 50}

    def sample(self, spec: FieldSpec, seed: int) -> list[str]:
        return [f"word{seed}"]


kind_of(Words, WordsKind)
